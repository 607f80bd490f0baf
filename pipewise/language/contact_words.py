"""How people say their name and company, and what is never either."""

# What stands in front of a name.
NAME_LEADS = """
my name is; my name's; name is; name's; name; i am; i'm; this is; it's; it is; call me; myself; signed; me llamo
mi nombre es; nombre; soy; yo soy; aquí; llámame; le habla; les habla; habla; te escribe; le escribe
meu nome é; o meu nome é; me chamo; chamo-me; chamo me; sou a; sou o; sou; aqui é a; aqui é o; aqui é; nome; aqui fala
je m'appelle; je m appelle; mon nom est; je suis; c'est; ici; nom; moi c'est
ich heiße; ich heisse; mein name ist; mein name; ich bin; hier ist; hier spricht; name ist; mi chiamo; il mio nome è
mio nome è; sono; io sono; qui è; nome è
मेरा नाम; नाम; मैं; mera naam; mera nam; naam; main; mai; اسمي; أنا; انا; اسمي هو; معك; معكم
"""
# These hold a name only behind them when the next words are written with capitals.
LOOSE_LEADS = """
i am; i'm; this is; it's; it is; myself; soy; yo soy; aquí; habla; sou a; sou o; sou; aqui é a; aqui é o; aqui é
je suis; c'est; ici; ich bin; hier ist; sono; io sono; qui è; name; nombre; nome; nom; नाम; मैं; naam; main; mai; أنا
انا; signed; name is; call me; معك; معكم
"""
# Ends a name: "Ana from Acme", "Ana and I need".
NAME_ENDS = """
from and of at here with i we my by to for in on the a an is but who want need looking would can thanks de del y en
con para quiero desde soy mi somos trabajo da do e em com quero preciso aqui minha das dos du et chez pour je mon à au
d une la le les von und bei aus ich mein für zum hier di e per vorrei della del ho और से है हूँ हूं का की में hai hun
hoon aur se ka ki mein من و في شركة أريد ceo cto cfo founder owner manager director sales marketing head gerente
directora dueño dono fundador fondateur directeur geschäftsführer inhaber
"""
# What "I'm …" or a bare answer says when it says no name.
NO_NAMES = """
urgent asap back now anytime soon whenever immediately important moment testing german english french spanish italian american indian
kunde kundin unternehmer unternehmerin berater beraterin student studentin selbständig freelancer entwickler lehrer arzt ärztin
médico médica abogado abogada cliente client cliente médecin avocat advogado advogada
yes no ok okay sure thanks thank hello hi hey please stop maybe later tomorrow today monday tuesday wednesday thursday
friday saturday sunday morning afternoon evening good great fine perfect cool nice sorry interested looking busy
available free not here from in a an the at on just also very really so using trying wondering based ready happy glad
afraid running working calling writing asking new what when where why how who which nothing none never nope yeah yep
option first second third last next cancel reschedule book demo call meeting price pricing help human agent test
unsubscribe start end quit tbd na none unknown anonymous idk whatever private skip sí si vale gracias hola buenos
buenas días tardes claro perfecto mañana hoy lunes martes miércoles jueves viernes interesado interesada buscando
ninguno nada para un una el la los las de muy cancelar precio reunión sim não nao obrigado obrigada olá oi bom boa dia
tarde noite hoje amanhã segunda terça quarta quinta sexta interessado interessada um uma o os as procurando oui non
merci bonjour bonsoir salut demain aujourd lundi mardi mercredi jeudi vendredi intéressé intéressée disponible d
accord un une le la les des rendez ja nein danke hallo guten tag morgen heute montag dienstag mittwoch donnerstag
freitag interessiert bitte ein eine der die das kein keine gern gerne termin nicht auf auch grazie ciao buongiorno
buonasera domani oggi lunedì martedì mercoledì giovedì venerdì interessato interessata uno il lo gli va bene certo हाँ
हां नहीं जी ठीक है धन्यवाद नमस्ते कल आज haan nahi theek thik kal aaj ji namaste chahiye kya mujhe نعم لا شكرا مرحبا غدا
اليوم مهتم مهتمة حسنا تمام أريد من في
"""
# Of those, what is a surname as well: behind a first name and with a capital it is one ("Maria João Dias").
ALSO_NAMES = """
dias días price page book call cool nice friday freitag montag morgen gerne guten claro bello certo va tarde segundo noite domingo
sexta dia student berater arzt lehrer abogado
"""
# Arabic has no capitals: of four words and more, a name begins with a given name or holds one of the words that join names.
ARABIC_GIVEN = """
محمد أحمد محمود علي حسن حسين خالد عمر عمرو يوسف إبراهيم إسماعيل مصطفى سعيد سالم سعد فهد فيصل ناصر طارق ماجد وليد رامي سامي كريم هشام
ياسر زياد بلال حمزة أنس عثمان صالح صلاح جمال كمال عادل عماد باسم حاتم راشد سلطان تركي بندر مشعل منصور جاسم نواف رائد زيد سيف نبيل نور
فاطمة عائشة مريم خديجة زينب سارة ليلى هدى منى سلمى رنا ريم دينا هند أمل إيمان نادية سميرة لمياء شيماء أسماء آمنة حنان رانيا ياسمين جميلة
"""
ARABIC_JOINTS = "عبد بن ابن بنت أبو آل الدين"
# What stands in front of a company's name.
COMPANY_LEADS = """
i work at; i work for; working at; working for; we work at; i'm with; i am with; i'm at; i'm from; i am from; we are
we're; my company is; our company is; company is; company name is; company; my company; on behalf of; founder of
ceo of; owner of; director of; manager at; head of sales at; cto of; cofounder of; employed at; i run; i own; from
trabajo en; trabajo para; mi empresa es; mi empresa se llama; nuestra empresa es; nuestra empresa se llama
la empresa se llama; empresa; somos; soy de; de la empresa; en nombre de; de parte de
trabalho na; trabalho no; trabalho em; trabalho para; minha empresa é; a minha empresa é; minha empresa se chama
a minha empresa chama-se; nossa empresa é; empresa; somos a; somos; sou da; sou do; da empresa; em nome da
je travaille chez; je travaille pour; mon entreprise est; mon entreprise s'appelle; notre entreprise est
notre société est; ma société est; société; entreprise; nous sommes; de la société; de chez; chez; au nom de
ich arbeite bei; ich arbeite für; meine firma ist; meine firma heißt; unsere firma ist; unsere firma heißt
unser unternehmen ist; unser unternehmen heißt; firma; unternehmen; wir sind; wir sind die; von der firma
ich komme von; im namen von; von der
lavoro per; lavoro in; lavoro alla; lavoro presso; la mia azienda è; la mia azienda si chiama; la nostra azienda è
azienda; siamo; siamo la; dell'azienda; per conto di; della
मेरी कंपनी का नाम; हमारी कंपनी का नाम; कंपनी का नाम; कंपनी; मैं; meri company ka naam; hamari company ka naam
company ka naam; main
اسم شركتي; شركتي; شركتنا; من شركة; في شركة; أعمل في شركة; أعمل في; شركتي اسمها; شركتنا اسمها
"""
# These lead to a place as often as to a company: they count behind a name ("Ana from Acme") or before a legal form.
LOOSE_COMPANY_LEADS = """
from; i'm from; i am from; i'm at; i'm with; soy de; sou da; sou do; von der; della; chez; de parte de; main; मैं
"""
ARTICLES = "a o the la el le il lo die der das dem"
PLACES = """
portugal spain españa brazil brasil germany deutschland france italy italia mexico méxico argentina chile colombia
peru india uk england ireland usa us america canada australia netherlands belgium switzerland austria poland sweden
norway denmark finland greece turkey egypt morocco uae dubai saudi qatar jordan lebanon singapore japan china africa
europe lisbon lisboa porto madrid barcelona london paris berlin munich münchen hamburg rome roma milan milano new york
san los angeles chicago boston toronto sydney delhi mumbai bangalore pune são rio buenos bogotá lima santiago cairo
riyadh amsterdam brussels zurich vienna wien dublin
"""
COMPANY_SUFFIXES = (
    "inc llc ltd limited gmbh ag ug kg corp corporation co plc sa sl slu srl srls spa sas sasu sarl eurl lda "
    "ltda eireli bv nv oy ab as aps kft sro pvt fze llp lp mbh ohg"
)
COMPANY_ENDS = """
and with we i which who that is are has have need looking in based where but for to so our my my y con que en para
necesitamos buscamos tenemos e com em precisamos temos et avec qui à pour nous avons cherchons und mit wir die in aus
suchen haben con che a per abbiamo cerchiamo है और हैं में से hai aur hain mein se و في ولدينا لدينا نريد
"""
NO_COMPANIES = """
a an the un una une uno um uma ein eine einen el la le lo los las die der das o os as home work here there you your my
our it this that interested looking not just very small big startup team agency company people sure happy ready fine
good great pequeña mediana empresa inmobiliaria somos equipo pessoas equipa equipe pme petite société entreprise
kleines team unternehmen firma azienda piccola एक छोटी bas also currently still all both based only about still
talking using free available monday tuesday wednesday thursday friday saturday sunday instagram facebook whatsapp
google linkedin twitter x
"""
PLACEHOLDER_LOCALS = (
    "email name your you user yourname youremail mail correo nombre exemple beispiel nome address username "
    "someone me abc xxx example test"
)
PLACEHOLDER_DOMAINS = (
    "example domain email mail company yourcompany yourdomain exemple ejemplo beispiel empresa dominio test xyz abc"
)
