"""How leads ask for a person, and how they ask whether they are talking to one."""

HUMAN_SENTENCES = """
agent; human; operator; representative; a person; a human; person; real person; live agent; human agent; live person
support agent; customer service
customer support; talk to human; support staff; human service; human support; live chat; staff; manager; humano
agente; asesor; operador; persona real
una persona; un humano; un agente; atención al cliente; servicio al cliente; asesor humano; soporte humano
agente humano; atendente; um atendente
atendimento humano; pessoa; pessoa real; falar com atendente; conseiller; un conseiller; humain; un humain
une personne; opérateur; agent humain
service client; mitarbeiter; ein mensch; mensch; kundenservice; kundendienst; berater; menschlicher dienst
menschlicher service; echter mensch; ein mitarbeiter
operatore; un operatore; umano; una persona; servizio clienti; assistenza clienti; operatore umano; servizio umano
assistenza umana; supporto umano
एजेंट; इंसान; ग्राहक सेवा; customer care; insaan; insan; agent please; موظف; إنسان; شخص حقيقي; خدمة العملاء; مندوب
ممثل خدمة العملاء
"""

# Beside one of these, "somebody" is whom the lead wants to meet, not a person in place of the machine.
MEETING_WORDS = """
call calls meeting meet demo demonstration appointment walkthrough zoom teams chamada reunião videochamada marcar agendar demonstração
llamada videollamada reunión cita agendar demostración appel réunion rendez rdv créneau visio démo termin gespräch
telefonat telefonieren besprechung vorführung chiamata videochiamata incontro appuntamento riunione कॉल मीटिंग مكالمة اجتماع موعد
"""

YES_WORDS = """
yes yeah yep sure ok okay alright sí si claro vale dale sim claro oui ouais d'accord ja gerne klar sì certo va हाँ हां जी ठीक haan
ji theek نعم أجل تمام حسنا
"""

# But these name the person in place of the machine, whatever stands beside them.
PERSON_WORDS = """
human humans person real live agent representative operator manager supervisor bot robot machine humano humana persona
agente asesor operador pessoa atendente verdade humain humaine personne conseiller vrai vraie opérateur mensch menschen
mitarbeiter mitarbeiterin echter echten echte berater umano umana operatore vera vero इंसान व्यक्ति insaan insan शख्स إنسان
انسان موظف بشري حقيقي
"""

HUMAN_PHRASES = """
puis|pourrais|peux|pouvons|pourrait je|on|nous ... avoir|joindre|contacter|parler ... humain|humaine|conseiller|
    personne|quelqu
posso|podia|poderia|quero|gostaria|prefiro ser atendid* ... humano|pessoa|atendente|alguém
puedo|podría|quiero|quisiera|prefiero ... atiend*|atendid*|atender* ... humano|persona|alguien|agente
geben|gib|gebt mir? ... einen|ein menschen|mensch|mitarbeiter*|berater*; instead of this|the|a bot|robot|machine
mi? passi|passa|passate ... un|una|l operatore|operatrice|persona|umano
kann|könnte|darf ich ... einen|mit|jemand* ... menschen|mitarbeiter*|echten; può|potrebbe ... aiutarmi|rispondermi persona|umano
talk|speak|chat|connect|transfer|connected|transferred|speaking|talking|contact|reach|message|put ... to|with|
    through ... human|humans|person|agent|representative|rep|operator|manager|supervisor|staff|advisor|adviser|
    consultant|employee|colleague|real
talk|speak|chat ... to|with someone|somebody|people|anyone ... real|human|else|there|instead|about
talk|speak|chat to|with someone|somebody|anyone; is|any ... person|human|people|someone ... talk|speak to|with
need|want support|assistance; customer|manual service
transfer|connect|pass me|us ... to|with ... someone|somebody|support|team|department|human|person|agent
get|give|need|want|prefer|like|require|find|have|request ... real|live|actual|human|another person|human|agent|being|
    representative|operator|support|help|assistance|assistant|someone
get|give me a|an|your human|person|agent|representative|manager|supervisor|operator
need|want a|an human|agent|representative|operator|manager|supervisor; human|person please|pls|now
is there|anyone any|a|someone|real|human ... human|person|people ... there|here|real|around
is there any? real|actual|live person|human|people|someone|anybody
any real|actual|live|human person|human|people|agent; real|actual|live person|human|agent instead
not a bot|robot|machine please; no bots|bot|robots please
don't|dont|not want|like|wish ... bot|robot|machine|bots|robots|ai
stop|hate|tired|enough ... with|of|talking ... bot|robot|machine|bots; let me talk|speak to|with; human|person instead
call|contact customer|human service|support|care; contact|call support; escalate ... this|to|me|it
customer service|support please|agent|representative
can|could|would|will a|some|any|your|someone|somebody human|person|people|from|real ... help|answer|reply|contact
hand|handoff me over|off; i want|need your manager|supervisor
hablar|chatear|comunicar*|conversar|contactar ... con ... humano|humana|persona|agente|asesor|asesora|alguien|
    operador|operadora|representante|ejecutivo|encargado|supervisor|gerente|responsable
pás*|pas*|comuní*|comunica*|transfi*|deriv*|conect* ... con ... humano|persona|agente|asesor|asesora|alguien|operador|
    representante|ejecutivo; atender*|atiend*|ayud* ... humano|una|un ... persona|humano|humana|agente|alguien
quiero|necesito|prefiero|quisiera|busco ... un|una|con ... humano|persona|agente|asesor|representante|operador
hay|existe algún|alguna|alguien ... humano|persona|real|ahí|ayuda humana; ayuda|soporte|servicio|apoyo humano|humana
llama*|contacta* ... servicio|atención ... cliente
falar|conversar|contato|contacto|contatar ... com ... humano|humana|pessoa|atendente|agente|alguém|operador|
    representante|gerente|responsável|vendedor|consultor
me? passa*|transfer*|encaminh*|conect* ... para|com ... pessoa|humano|atendente|alguém|agente|operador
tem|há|existe|quero|preciso ... algum|alguém|um|uma ... humano|pessoa|atendente|real|verdade
quero|preciso|prefiro ... atendente|humano|pessoa real
atendimento|ajuda|suporte humano|humana
parler|discuter|échanger ... à|a|avec ... humain|personne|conseiller|conseillère|quelqu|agent|responsable|opérateur|
    commercial|vraie|vrai
passez|transférez|mettez|passe|transfère ... moi ... conseiller|humain|agent|quelqu|personne|responsable|opérateur|
    relation
je? veux|voudrais|souhaite|besoin|préfère ... un|une|d ... humain|conseiller|agent|vraie|vrai|personne|opérateur
il y a ... quelqu ... réel|vrai|humain|là; y a t il ... quelqu|humain|personne; vraie|vrai|réelle personne|humain
aide|service|support humaine|humain
sprechen|reden|chatten|verbinden|verbunden|schreiben ... mit|mir|einem ... mensch*|mitarbeiter*|person|berater*|
    jemand*|agent*|kollege*|chef|vorgesetzt*
mit ... mensch*|mitarbeiter*|person|berater*|jemand*|agenten|vorgesetzt* ... sprechen|reden|chatten|verbinden|
    verbunden|kontakt*
bitte|brauche|möchte|will|gibt|hole*|gib ... einen|ein|einem|echte|echten|menschliche|menschlichen mitarbeiter*|
    mensch*|echt*|berater*|hilfe|service|person
kann ... jemand echt*|anderes; gibt|jemand* ... jemanden? ... mit ... sprechen|reden
brauche|benötige ... unterstützung|kundenservice|kundendienst; kontaktiere* ... hilfe; jemand echt*
echte*|richtige*|menschliche* mensch*|person|hilfe|mitarbeiter*|service|unterstützung; verbinde* ... mich|sie
kontaktiere* ... support|kundenservice|service|kundendienst
parlare|parla|parlo|parlami|parlarne|comunicare|chattare ... con ... umano|umana|persona|operatore|operatrice|
    qualcuno|agente|responsabile|consulente|rappresentante
passa*|metti*|collega*|trasfer* ... operatore|persona|umano|qualcuno|responsabile|agente
voglio|vorrei|ho|serve|bisogno|preferisco|preferirei ... un|una|di|vero|reale ... operatore|umano|persona|aiuto|
    supporto|assistenza|agente; c è ... una|un|qualcuno ... persona|umano|reale|vera|vero|parlare
un|una|vero|vera essere|persona umano|reale|vera; aiuto|supporto|assistenza|servizio umano|umana
ho bisogno di supporto|assistenza; bisogno di ... servizio clienti
contatta*|chiama* ... servizio|supporto|assistenza ... clienti?
इंसान|व्यक्ति|एजेंट|आदमी|मैनेजर|प्रतिनिधि|अधिकारी|कर्मचारी|सहकर्मी ... से ... बात|जोड़*|जोड*|मिला*|संपर्क|कनेक्ट
किसी ... से ... बात ... करनी|करना|कराओ|करवा*|करा*|कराइए
insaan|insan|agent|human|aadmi|banda|person|manager|executive ... se ... baat|connect|jod*|mila*
kisi ... se ... baat kar*; असली इंसान|व्यक्ति|आदमी; asli insaan|insan|aadmi|banda
التحدث|اتحدث|أتحدث|التكلم|اتكلم|أتكلم|الكلام|الحديث|تحدث|أكلم|اكلم|التواصل|تواصل ... مع|الى|إلى ... شخص|إنسان|انسان|
    موظف|موظفة|ممثل|أحد|احد|مدير|المدير|مسؤول|بشر|بشري|مندوب|مستشار
حولني|حولوني|وصلني|وصلوني|اوصلني|أوصلني ... إلى|الى|ب|مع|بموظف|بشخص ... موظف|شخص|إنسان|خدمة|ممثل|مدير|أحد
أريد|اريد|أحتاج|احتاج|أفضل|ممكن ... موظف|موظفا|إنسان|انسان|إنسانا|شخصا حقيقيا|شخص حقيقي|بشري
هل ... يوجد|هناك ... إنسان|شخص|موظف|أحد ... حقيقي|هنا|بشري|يساعدني
"""

BOT_PHRASES = """
antwortet|schreibt|schreibe|spricht|rede ... hier ... bot|roboter|maschine|computer|ki; hier ... bot|roboter|maschine
ce|ça|cela répond ... machine|robot|bot; isto|isso é ... robô|bot|máquina; esto ... contesta ... máquina|robot|bot
je|j parle|discute|écris ... à|avec un|une bot|robot|machine|ia|humain
are|r you|u ... a|an|the|really|real|some|even|just|actually|human|ai|automated bot|robot|machine|ai|human|real|
    person|computer|chatbot|automated|program|chatgpt|gpt|assistant|artificial
are|r you|u bot|robot|human|real|ai|automated|chatgpt|artificial
is|am this|that|it|i ... a|an|the|with|to bot|robot|machine|ai|human|real|person|chatbot|computer|automated
is this automated|ai|real|bot|chatgpt|human
am i talking|speaking|chatting|writing ... to|with ... bot|robot|machine|ai|human|person|computer|chatbot|someone|real
bot or human|person|real; human or bot|robot|machine|ai; you|ur|you're a? bot|robot|ai right
talking|speaking to a? bot|robot|machine
eres|es|usted|hablo|hablando|esto|son ... un|una|con|bot ... bot|robot|humano|humana|máquina|persona|ia|real|chatbot|
    automático; eres|es usted humano|humana|real|bot|robot; esto|esta es automático|un
você|vc|tu|isto|isso|é|estou ... é|és|um|uma|com ... robô|robot|bot|humano|humana|máquina|pessoa|real|automático|ia
és um|humano|humana|real
êtes|es|est|parle vous|tu|ce|c|je ... un|une|vrai|vraie|humain|à|robot ... robot|bot|humain|machine|personne|ia|réel|
    vraie|automatique; est ce ... robot|bot|humain|automatique; c est un robot|bot
sind|bist|ist|spreche|rede|schreibe sie|du|das|hier|ich ... ein|eine|mit|echt|einem ... bot|roboter|mensch|maschine|
    ki|echt|menschen|computer|automatisch|echter; sind|bist sie|du echt|menschlich
sei|siete|sto|parlo|parlando|lei ... un|una|con|vero|robot ... bot|robot|umano|umana|macchina|persona|vero|vera|ia|
    reale|automatico; sei umano|umana|reale|vero|vera
क्या ... आप|यह|तुम|ये|मैं ... बॉट|रोबोट|इंसान|मशीन|असली; आप|तुम ... बॉट|रोबोट|इंसान|मशीन ... हैं|हो
aap|tum|tu|kya|yeh|ye ... bot|robot|insaan|insan|machine|ai ... ho|hai|hain|hu
هل ... أنت|انت|أنتم|هذا|أتحدث|اتحدث|أكلم ... روبوت|آلي|بوت|إنسان|انسان|بشر|حقيقي|آلة|ذكاء|برنامج|شخص
أنت|انت روبوت|بوت|آلي|إنسان|بشر
"""
