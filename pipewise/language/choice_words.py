"""How people pick from a short list, agree, and turn all of it down."""

# The place in the list; -1 is the last one.
ORDINALS = {
    1: "first|primero|primera|primer|primeiro|primeira|premier|première|erste|ersten|erster|erstes|primo|prima|"
    "पहला|पहले|पहली|pehla|pehle|pehli|pahla|الأول|الأولى|الاول|الاولى; 1 st|er|o|a|º|ª",
    2: "second|segundo|segunda|deuxième|second|seconde|zweite|zweiten|zweiter|zweites|secondo|seconda|दूसरा|"
    "दूसरे|दूसरी|dusra|dusre|dusri|doosra|الثاني|الثانية; 2 nd|o|a|e|eme",
    3: "third|tercero|tercera|tercer|terceiro|terceira|troisième|dritte|dritten|dritter|drittes|terzo|terza|"
    "तीसरा|तीसरे|तीसरी|teesra|teesri|tisra|الثالث|الثالثة; 3 rd|o|a|e|eme",
    4: "fourth|cuarto|cuarta|quarto|quarta|quatrième|vierte|vierten|vierter|viertes|चौथा|चौथे|चौथी|chautha|"
    "chauthi|الرابع|الرابعة; 4 th|o|a|e|eme",
    5: "fifth|quinto|quinta|cinquième|fünfte|fünften|fünfter|पांचवा|पाँचवाँ|पांचवां|panchva|paanchva|الخامس|"
    "الخامسة; 5 th|o|a|e|eme",
    6: "sixth|sexto|sexta|sixième|sechste|sechsten|sesto|sesta|छठा|chhatha|السادس|السادسة; 6 th|o|a|e|eme",
    -1: "last|final|último|última|ultimo|ultima|dernier|dernière|letzte|letzten|letzter|letztes|आखिरी|आख़िरी|"
    "अंतिम|aakhri|aakhiri|akhri|الأخير|الأخيرة|الاخير|الاخيرة; last one",
}
# A number counts as a pick behind one of these, or when little else stands beside it.
NUMBER_NOUNS = (
    "option|number|slot|choice|opción|número|opção|numéro|nummer|variante|numero|opzione|विकल्प|नंबर|नम्बर|vikalp|"
    "رقم|الخيار|خيار|الرقم|opcion|time|horario|créneau|termin|horário|orario"
)
# Around a lone number these change nothing.
FILLERS = """
i i'll i'd i'm we we'll you can could would like take choose pick go for with the one please pls thanks thank ok okay
yes yeah yep sure let's do it is that this works work fine good great perfect best prefer want book me us a an at on
sounds looks option number slot so then well hi hello just and my choice let number num no. nr works for suits suit be
will should prefiero quiero la el opción número por favor gracias sí vale bien perfecto mejor me va viene de acuerdo
ok elijo tomo quedo con reservar que sea las horario una prefiro quero a o opção número por favor obrigado obrigada
sim bem perfeito pode ser serve está ótima ótimo escolho fico com essa esse horário melhor está bom je prends préfère choisis veux le la
option numéro mieux l c est merci oui d'accord s'il vous plaît svp ça me va parfait bien pour celui celle créneau ich nehme möchte
bevorzuge die der das den option nummer bitte danke ja gerne gern passt mir gut am besten wähle dann wäre ist variante
termin lieber prendo preferisco scelgo vorrei il la opzione numero per favore grazie sì va bene perfetto mi quella
quello orario meglio मैं मुझे विकल्प नंबर नम्बर वाला वाली कृपया धन्यवाद हाँ ठीक है जी चाहिए सही रहेगा main mujhe option
number wala wali please haan theek thik hai ji chahiye sahi rahega chalega theek أريد اريد أفضل اختار أختار الخيار رقم
الرقم من فضلك شكرا نعم حسنا تمام مناسب الموعد لو سمحت
"""
AGREEMENTS = """
yes; yeah; yep; yup; sure; ok; okay; of course; absolutely; perfect; great; fine; deal; agreed; confirmed; confirm
sounds good; that works; works for me; works; that's fine; that's good; that's perfect; that is fine; go ahead
book it; let's do it
let's do that; do it; good for me; i'll take it; take it; please do; yes please; it works; that one; this one
that suits me; alright; all right; 👍; ✅; 👌; 🙏; 💯; 🙌; ✔; ☑; 🆗; 👍 👍; looks good; cool; i'm in; great choice
sí; si; vale; claro; de acuerdo; perfecto; está bien; me va bien; me viene bien; me parece bien; adelante; dale
confirmo; confirmado; resérvalo; resérvela; por supuesto; genial; bueno; sí perfecto; ese mismo; esa misma; listo
ok perfecto
sim; claro; perfeito; pode ser; está bem; tá bom; está bom; combinado; confirmo; confirmado; beleza; ótimo; fechado
para mim está bem; serve; pode marcar; com certeza; isso mesmo; sim perfeito; tudo bem; funciona
oui; d'accord; parfait; ça marche; ça me va; ça me convient; entendu; bien sûr; très bien; je confirme; c'est bon
allez-y; volontiers; oui parfait; oui ça me va; ok pour moi; nickel; super
ja; gerne; gern; passt; das passt; passt mir; perfekt; einverstanden; in ordnung; okay; klar; genau; ja bitte
ja gerne; ja passt; das passt mir; klingt gut; geht klar; super; bestätigt; ich bestätige; buchen; bitte buchen
sì; va bene; perfetto; d'accordo; certo; confermo; mi va bene; ottimo; volentieri; certamente; sì perfetto; sì va bene
procediamo; per me va bene; ok va bene
हाँ; हां; जी; जी हाँ; ठीक है; ठीक; सही है; बिल्कुल; चलेगा; पक्का; हाँ ठीक है; haan; han; ji; ji haan; theek hai
thik hai; sahi hai; bilkul; chalega; pakka; haan theek hai; done
نعم; أجل; حسنا; تمام; موافق; ممتاز; مناسب; أكيد; بالتأكيد; طيب; اوكي; نعم مناسب; هذا مناسب; يناسبني; تم; أوافق
نعم تمام; جيد
"""
DECLINES = """
none|neither ... of? ... these|those|them|work|works|suit|suits|fit|fits|for|the|that|?; none; neither
other|another|different|more|alternative|later|earlier|better times|time|slots|slot|options|option|dates|date|days|
    day|hours; anything|something else|later|earlier; any other; nothing ... works|suits|fits
can't|cannot ... any|either|do|make ... of|these|those|them; no good
those|these|they|that ... don't|doesn't|won't|not ... work|suit|fit|good
not|none available|free|possible ... then|those|these|any|at; not any of; don't|doesn't|do not work ... for? me?
too early|late|soon; i'm|am busy|away ... then|those|all; not free
ninguno|ninguna|ningún ... de|me|horario|hora|estos|estas|esas|puedo|va|?; ninguno|ninguna
otro|otra|otros|otras|más|diferente ... horario|hora|horarios|horas|día|días|opciones|opción|fecha|momento
no me va|viene|vale|sirve|funciona|conviene|cuadra ...; esos|esas|estos|estas ... no
no puedo ... ninguno|ninguna|esos|esas|estos|estas|a esa; algo más tarde|temprano
nenhum|nenhuma ... desses|desse|dessas|destes|serve|dá|funciona|horário|deles|?; nenhum|nenhuma
outro|outra|outros|outras|mais|diferente ... horário|horários|hora|horas|dia|dias|opções|opção|data
não|nao ... serve|servem|dá|funciona|funcionam|consigo|posso ... nenhum|nenhuma|esses|essas|estes|nesses|?
algo mais tarde|cedo
aucun|aucune ... de|ne|créneau|ces|me|?; aucun|aucune
autre|autres|autres ... créneau|créneaux|horaire|horaires|heure|heures|jour|jours|date|dates|options|option|moment|
    propositions; ne|n|pas ... me|m va|convient|conviennent|arrange|possible ...; ça ne|me me? va|convient|pas ... pas
rien ne|me me? va|convient; pas possible; plus tôt|tard svp|s|possible; pas dispo|disponible ... ces|?
keiner|keine|keines|keins|nichts ... davon|passt|der|dieser|von|geht|zeiten|?; keiner|keine
anderer|andere|anderen|anderes|weitere|spätere|frühere|alternative ... zeit|zeiten|termin|termine|uhrzeit|uhrzeiten|
    tag|tage|vorschläge|optionen|option|möglichkeiten; passt|passen|geht|gehen|klappt ... nicht|leider nicht
passt|passen mir|uns nicht; nicht möglich; etwas anderes|später|früher; leider nicht
nessuno|nessuna ... di|dei|questi|queste|orario|mi|va|?; nessuno|nessuna
altro|altra|altri|altre|diverso|diversi ... orario|orari|ora|giorno|giorni|data|date|opzioni|opzione|momento
non mi va|vanno|va|vanno|posso|bene ... bene|nessuno|questi|?; qualcosa di? più|altro tardi|presto?; niente di questi
non posso ... questi|quelli|nessuno
इनमें|इन ... से? ... कोई ... नहीं; कोई ... भी? ... नहीं; कोई और|दूसरा|अन्य समय|टाइम|दिन|विकल्प|स्लॉट
दूसरा|दूसरे|और|अन्य ... समय|टाइम|दिन|विकल्प|स्लॉट; यह|ये ... नहीं ... चलेगा|चलेंगे|ठीक|हो
inme|in ... se? ... koi ... nahi|nahin; koi ... bhi? nahi|nahin; koi aur|dusra time|slot|din|option
dusra|dusre|aur|different time|slot|din|option|samay; ye|yeh ... nahi chalega|chalenge|ho
لا شيء ... مناسب|منها; لا أحد|واحد ... منها|مناسب; ولا واحد|واحدة|شيء; لا يناسبني|تناسبني|يناسب|تناسب ...
أوقات|مواعيد|موعد|وقت|يوم|خيارات|مواعيد أخرى|اخرى|آخر|اخر|مختلف|ثاني|غيرها; غير مناسب|مناسبة
ليست|ليس ... مناسب*|مناسبة; أي أوقات|وقت|مواعيد|موعد آخر|اخر|أخرى; شيء آخر|اخر
"""

# Words with which a lead asks for one of the times.
ASKING = """
can could may shall do does we you i how what about is are it possible available free still then would that podemos
puede pueden podría sería es posible qué tal y está libre disponible todavía pode podemos dá é possível seria ainda
livre est ce possible peut on peux tu vous dispo disponible libre encore serait geht ginge möglich können könnten wir
noch frei wäre ist es è possibile possiamo posso sarebbe libero ancora disponibile क्या हो सकता सकते हैं kya ho sakta
sakte hain हल هل ممكن يمكن متاح
"""
