"""How leads speak of what they need, who decides, how many they are, what they can spend and when."""

NEED = """
looking|searching|shopping for|into
we|i|i'd|we'd need|want|require|like ... to|a|an|some|something|more|better|automate|answer
we|i struggle|struggling ... with|to; trying|want|wanna to
our|my|the|main|biggest problem|problems|issue|challenge|pain|goal|need|priority is|are; we|i lose|losing|miss|missing
we're|i'm|are|am losing|missing|drowning|spending|wasting|evaluating|comparing|replacing; we|i can't|cannot keep up
interested in; instead of ... manually; to replace our|my; takes us|me too
lose|losing|miss|missing leads|customers|deals|sales|time|money; need help with; help us|me with
want to automate|replace|improve|reduce|increase|integrate
buscamos|busco; estamos buscando; necesitamos|necesito|queremos|quiero|quisiera|quisiéramos ...
nuestro|mi|el problema|objetivo|reto es; perdemos|perdiendo; interesa|interesados|interesado ... en; nos cuesta
queremos|quiero automatizar|mejorar|reducir
procuramos|procuro|buscamos; estamos procurando; precisamos|preciso|queremos|quero|gostaria|gostaríamos ...
nosso|meu|o problema|objetivo|desafio é; perdemos|perdendo; interessados|interessado|interesse em; temos dificuldade
cherchons|cherche|recherchons|recherche; avons|ai besoin
nous|je voulons|veux|voudrais|voudrions|souhaitons|souhaite ...; notre|mon|le problème|objectif|défi est
perdons|perdre; intéressés|intéressé|intéressée par; du mal à
suchen|suche; brauchen|brauche|benötigen|benötige; wir|ich wollen|will|möchten|möchte ...
unser|mein|das problem|ziel ist; verlieren|verpassen; interesse|interessiert an
cerchiamo|cerco; stiamo cercando; abbiamo|ho bisogno; vogliamo|voglio|vorremmo|vorrei ...
nostro|mio|il problema|obiettivo è; perdiamo|perdendo; interessati|interessato|interessata a
हमें|मुझे ... चाहिए|जरूरत|ज़रूरत; हमारी|मेरी|हमारा ... समस्या|लक्ष्य
hamein|humein|mujhe|hume ... chahiye|zaroorat|jarurat; hamari|humari|meri ... problem|samasya; हम|मैं ... ढूंढ|खोज
hum|main ... dhoond|dhund|khoj
نحتاج|أحتاج|احتاج|نبحث|أبحث|ابحث|نريد|نرغب|أرغب; مشكلتنا|المشكلة|هدفنا; نخسر|نفقد; مهتمون|مهتم|مهتمة ب
"""
# Wishes about the conversation itself are no need of the business.
NOT_A_NEED = """
demo*; call; meeting; meet; appointment; talk; speak; book; schedule; reschedul*; cancel*; human; person; agent
unsubscribe; stop; messages; more info|information; know; price*; pricing; quote; think; check; time; another; change
link; invite
reunión; llamada; cita; hablar; agendar; cancelar; cambiar; baja; precio*; información; saber; pensar; hora; reunião
chamada; falar; marcar; preço*; informações; remarcar; horário; rendez; appel; réunion; parler; annuler; prix
informations; réfléchir; savoir; créneau; démo*
termin*; gespräch; sprechen; telefonieren; verschieben; absagen; preis*; informationen; wissen; überlegen
appuntamento; chiamata; incontro; parlare; prenotare; annullare; prezzo; informazioni; sapere; डेमो; मीटिंग; कॉल; बात
कीमत; जानकारी; baat; jankari; price; موعد*; اجتماع*; مكالمة*; عرض; عرضا; التحدث; معرفة; سعر; معلومات; إلغاء
"""
ROLES = (
    "ceo|cto|coo|cfo|cmo|cro|founder|cofounder|owner|president|vp|director|head|manager|principal|partner|chief|"
    "lead|decision|fundador|fundadora|dueño|dueña|director|directora|gerente|jefe|jefa|encargado|encargada|"
    "propietario|propietaria|responsable|socio|socia|dono|dona|diretor|diretora|sócio|sócia|proprietário|"
    "responsável|fondateur|fondatrice|directeur|directrice|gérant|gérante|patron|patronne|propriétaire|chef|"
    "associé|geschäftsführer|geschäftsführerin|inhaber|inhaberin|gründer|gründerin|leiter|leiterin|chefin|"
    "vertriebsleiter|teamleiter|titolare|fondatore|fondatrice|direttore|direttrice|responsabile|amministratore|"
    "proprietario|proprietaria|socio|मालिक|संस्थापक|निदेशक|प्रबंधक|मैनेजर|malik|maalik|प्रमुख|المدير|مدير|مديرة|"
    "صاحب|صاحبة|مؤسس|مؤسسة|مالك|الرئيس"
)
AUTHORITY_LEADS = (
    "i'm|i am|im|soy|sou|je suis|ich bin|sono|मैं|main|mai|أنا|انا|as the|as a|como|als|en tant que|in qualità "
    "di|my role is|i work as|our|my"
)
AUTHORITY = f"""
i|i'm|im|as ... the|a|an|am? ... {ROLES}; soy|como ... {ROLES}; sou|como ... {ROLES}; suis|tant ... {ROLES}
bin|als ... {ROLES}; sono|qualità ... {ROLES}; मैं|main|mai ... {ROLES}; أنا|انا ... {ROLES}
i|we make|take|have ... decision|decisions|say; i|we decide; i|we sign off; it's|it my|our decision|call
decision is mine; decision maker
my|our|the boss|manager|ceo|cto|cfo|founder|director|partner|board|team|procurement|owner ... decides|decide|approve|
    approves|approval|signs|say|sign; approval from|of my|our|the ... {ROLES}|boss|board
together with ... {ROLES}|boss|board|partner
check|discuss|talk|share|speak|run ... with|to|by ... my|our|the boss|manager|ceo|cto|cfo|founder|director|partner|
    board|team|procurement|owner|cofounder|wife|husband; yo decido; decido yo; la decisión es|la ... mía|tomo
decide mi|el|la jefe|jefa|socio|director|directora|gerente
consultar|hablar*|comentar* ... con ... mi|el|la jefe|jefa|socio|socia|director|directora|gerente|equipo
eu decido; decisão é minha; quem decide é
falar|consultar|conversar ... com ... meu|minha|o|a chefe|sócio|sócia|diretor|diretora|gerente|equipe; je décide
c'est moi qui; décision me revient
parler|consulter|discuter|voir ... avec|à ... mon|ma|le|la chef|patron|associé|associée|directeur|directrice|équipe|
    direction
ich entscheide; entscheidung liegt bei
entscheidet mein|meine|der|die|unser chef|chefin|geschäftsführer|partner|leitung
mit ... meinem|meiner|dem|der|unserem chef|chefin|partner|geschäftsführer|team|leitung ... besprechen|klären|
    absprechen|sprechen; decido io; decide il|la|mio titolare|capo|direttore|socio
parlarne|parlare|consultare ... con ... mio|mia|il|la capo|socio|socia|direttore|responsabile|team
फैसला ... मैं|मेरा; main decide; faisla ... main|mera; मेरे|अपने ... बॉस|मालिक|मैनेजर ... से
mere|apne ... boss|malik|manager ... se; أنا ... أقرر|صاحب القرار; القرار ... لي|بيدي|عندي|للمدير|لشريكي
أستشير|استشارة|أسأل ... شريكي|مديري|المدير|فريقي
"""
HEADS = (
    "people|persons|person|employees|employee|users|user|seats|seat|agents|reps|rep|staff|licenses|licences|"
    "members|salespeople|colleagues|headcount|folks|man|strong|personas|empleados|usuarios|trabajadores|"
    "vendedores|agentes|licencias|pessoas|funcionários|funcionarios|colaboradores|usuários|vendedoras|"
    "utilizadores|licenças|personnes|employés|salariés|utilisateurs|collaborateurs|commerciaux|licences|leute|"
    "leuten|mitarbeiter|mitarbeitern|mitarbeiterinnen|personen|nutzer|nutzern|lizenzen|köpfe|persone|dipendenti|"
    "utenti|venditori|licenze|collaboratori|लोग|लोगों|कर्मचारी|कर्मचारियों|यूज़र|यूजर|log|logon|karmchari|employees|"
    "موظف|موظفا|موظفين|موظفون|شخص|شخصا|أشخاص|مستخدم|مستخدما|مستخدمين"
)
TEAM_OF = (
    "team|group|company|agency|staff|equipo|empresa|equipe|equipa|équipe|entreprise|team|firma|squadra|azienda|"
    "टीम|team|فريق|شركة|startup|plantilla|headcount"
)
ATTENDING = (
    "join|joining|attend|attending|invite|call|meeting|demo|reunión|llamada|reunião|chamada|réunion|appel|termin|"
    "gespräch|riunione|chiamata"
)

BUDGET = (
    "budget|budgets|budgeted|spend|spending|afford|invest|presupuesto|invertir|gastar|orçamento|verba|investir|"
    "gastar|dépenser|ausgeben|investieren|spendere|investire|बजट|खर्च|bajat|kharch|ميزانية|ميزانيتنا|ميزانيتي|"
    "الميزانية|نصرف|orcamento"
)
CURRENCIES = {
    "EUR": "€|eur|euro|euros",
    "USD": "$|usd|dollar|dollars|dólares|dolares|dollari|डॉलर|दॉलर|دولار|دولارا",
    "GBP": "£|gbp|pound|pounds|quid|libras",
    "INR": "₹|inr|rs|rupees|rupee|रुपये|रुपए|रुपया|rupaye|rupay",
    "BRL": "brl|reais|real",
    "MXN": "mxn",
    "CHF": "chf|franken",
    "AED": "aed|درهم|درهما|dirham|dirhams",
    "SAR": "sar|ريال|ريالا|riyal|riyals",
    "EGP": "egp|جنيه",
    "AUD": "aud",
    "CAD": "cad",
}
SCALES = {
    1_000: "k|thousand|mil|mille|tausend|mila|हज़ार|हजार|hazaar|hazar|ألف|الف|آلاف",
    100_000: "lakh|lakhs|लाख|lac",
    1_000_000: "m|mio|million|millions|millón|millones|milhão|milhões|millionen|milione|milioni|مليون",
    10_000_000: "crore|crores|करोड़|cr",
}
PERIODS = {
    "month": "month|monthly|mo|mes|mensual|mensuales|mês|mensal|mensais|mois|mensuel|mensuels|monat|monatlich|mese|"
    "mensile|mensili|महीने|महीना|मासिक|mahine|mahina|شهر|شهريا|الشهر",
    "year": "year|yearly|annual|annually|annum|año|anual|anuales|ano|anuais|an|annuel|annuels|année|jahr|jährlich|"
    "anno|annuale|annuali|साल|सालाना|saal|سنة|سنويا|السنة",
    "user": "user|seat|agent|usuario|usuário|utilisateur|nutzer|utente",
}
PERIOD_LEADS = "a|per|each|every|al|por|ao|par|pro|im|le|/|the|el|प्रति|har|हर|في|user|seat|il|un|der|jedes|o"

TIMELINE = """
asap; as soon as possible; immediately; right away; urgent|urgently; straight away; no rush|hurry; not urgent
just exploring|browsing; q #; end of|the year|quarter|month; by end of
this|next quarter|year|summer|spring|autumn|fall|winter; before summer|christmas|the
cuanto antes; lo antes posible; urgente|urgentemente; de inmediato; sin prisa; fin|finales de año|mes|trimestre
o quanto antes; o mais rápido; o mais rápido possível; com urgência; imediatamente; sem pressa
fim do|de ano|mês|trimestre; fim do ano
dès que possible; au plus vite; urgent; immédiatement; tout de suite; pas pressé|pressés; fin d'année; fin de l'année
so schnell wie möglich; sofort; dringend; schnellstmöglich; baldmöglichst; keine eile; bis jahresende; ende des jahres
il prima possibile; subito; urgente; appena possibile; senza fretta; entro fine|la anno|fine; fine anno; जल्द से जल्द
जल्दी|तुरंत; jaldi se jaldi; jaldi|turant; في أقرب وقت; بأسرع وقت; فورا|عاجل; نهاية السنة|العام|الشهر
"""
TIMELINE_CONTEXT = """
start|starting|launch|launching|live|implement|implementing|implementation|rollout|roll|deploy|deadline|timeline|
    ready|decide|decision|buy|purchase|switch|migrate|begin|onboard|running|renewal|adopt|go; in place
need|want it|this; contract ends
empezar|comenzar|lanzar|implementar|implantar|arrancar|decidir|comprar|plazo|listo|marcha|funcionando|começar|lançar|
    implementar|arrancar|decidir|comprar|prazo|pronto|funcionando|commencer|lancer|démarrer|déployer|décider|acheter|
    délai|prêt|mettre|starten|einführen|beginnen|live|entscheiden|kaufen|umsetzen|frist|einsatz|brauchen|loslegen
iniziare|partire|lanciare|implementare|decidere|comprare|acquistare|scadenza|pronto|avviare|शुरू|लागू|लॉन्च|निर्णय|
    shuru|launch|lagu|start|نبدأ|البدء|أبدأ|إطلاق|تنفيذ|نقرر|شراء|التشغيل
"""
