"""Words that give a language away. A word listed for several languages counts for each and so decides nothing."""

# Worth two: hardly another of the languages has the word.
TELLING = {
    "en": """
the and you your what when where which would could should how much don't doesn't isn't i'm i'd i'll we're please
thanks thank hello hey with have this that from about need want can't book schedule meeting does are is they
tomorrow thursday monday tuesday wednesday friday saturday sunday next week morning afternoon works there any it's
let's got get give send tell my out take stop yes it was been will not or but of for our who whose unsubscribe
budget looking team company price pricing number good he she just like see sounds am me at make find day show again
later yeah sorry can do if than then him her too you're booked calendar invitation understood welcome messages write
moment
one two today talk work right evening what's human now off over after more something another anything well new may
sure around add hour between speak soon meet weeks won't that's half early people first did look still sometime stay
open many why say instead use some longer great feel bring before yet pay answer few everything maybe life else
anymore tonight thing said these old last lunch house four wait quick know didn't buy fee word wish think switch love
long cover able seven down waiting talking night never fast discuss asked hand found sell rather happy arrange through
read quit meant information handle getting ask already wanted small running review questions kids group going enough
yesterday times personal leave continue colleague bad wed three them sound somebody friend employee wondering speaking
other needs hi morning anyone chance suit
""",
    "es": """
soy hablar persona puede prefiere asistente la le su el los las una qué cuánto cuándo dónde cómo quiero puedo
podemos podría gracias hola usted ustedes también para con muy pero porque reunión cita mañana jueves martes
miércoles viernes lunes semana próxima tarde buenos buenas días noches sí tengo tienen tiene hay estoy estamos somos
nuestra nuestro empresa precio información llamada llámame ahora luego otro otra ninguno del al y necesito
necesitamos me gustaría deseo quisiera haz ese esa eso este esta esto primera primero segundo segunda tercero ya es
gana más baja vale dale correo nombre no te un mis mi de perfecto dejen borren eliminen tal placer quién ahí así
hasta que se entendido recibirá mensajes nuestros escriba opinión momento
hoy viene mejor alguien holaa habitación presupuesto interesa equipo posible cuál tardes personas recibir pues eres
datos cuenta contactos borra pueden hablamos diez cuántas cambiar voy turno tienes principios dejar bueno suscripción
sigue propuesta muchos mover hace después cuántos cotización atienda tiempo quedamos precios podríamos llamen fuera
algún adelante trabajo tenemos puedes ponla pasar nueva hacer estás estan fechas busco ando seguros quedo queda
prefiero pásame membresía mándame llame llamarme jefe hacen estas dame cobran horas hora dentro semanas dos
contáctenme escríbeme ustedes interesaría nosotros dígame quedar verse vernos cómo hueco tendrían quisiéramos nadie
nada luego
""",
    "pt": """
sou enviei escrevo certo assim os você vocês custa custam nós não obrigado obrigada olá oi bom dia boa tarde noite
quero queria gostaria posso podemos pode uma um com também mas porque reunião amanhã quinta-feira segunda-feira
terça-feira quarta-feira sexta-feira semana tenho temos tem somos nossa nosso empresa preço quanto quando onde como
dá para marcar agendar ligar depois agora outro outra nenhum dos das ao às em na nas e está isso esse essa meu minha
sim funciona preciso recebi valeu alguma algum você's ganhe seu sua dinheiro aqui me manhã feira quinta sexta terça
de te que se quem ontem jogo parem sair remova mensagem mensagens atendente tudo bem mês até
isto mostrar mostrarem será meia marcarmos pra vem falar hoje quarto orçamento começo alguém possível conta pessoa
coloca podem fazer vou pelas então cartão
precisamos olha ele descadastrar sozinho melhor faço disponível conversar vaga muito faz empréstimo desculpa verdade
remarcar meus manda liga fica falamos desmarca demonstração vir serviço receber põe muitos mudar mãe estão diz coisa
preços robô livre ficou fechar errado contatos chama carro vai sabe precisa muda ligação leva fora fazem essas duplo
comigo apresentar parar ótimo ligue lhe frente qualquer procuro boas oi equipa reunir daqui vocês marcamos horas
semanas fale falem contactem dizer jeito disponibilidade agendamento duas
""",
    "fr": """
ai ici prendre pouvez voici réponse la un en de se le les des une est je vous nous tu ils avec pour dans pas ne que
qui quoi bonjour bonsoir salut merci oui rendez-vous demain jeudi lundi mardi mercredi vendredi samedi dimanche
semaine prochaine prochain matin après-midi soir voudrais pouvons peut puis-je combien prix où comment quand votre
vos notre nos mon ma mes ça c'est s'il plaît svp d'accord aussi mais et du au aux suis sommes avez avons êtes
aimerais société entreprise appel quel quelle gagné donne moi donnez peux veux faut sur leur cette ce ces il elle y
cliquez nouvelles réel essai gratuit arrêtez
parler bon tard heure rdv tout coucou chambre vers journée autre quels deux voir prêt mois mets carte parle compte
cherche aujourd'hui stp début cours jour chez salle plutôt mettez marche humain était devis désabonner annulez alors
heures dis arrête appeler réserver recevoir changer voiture trop serait retard peuvent modifier faites envoyez créneau
annule souhaite rien jusqu fait faire être discuter désolé décaler côté bonne avant toi temps reste envoyer toujours
nuit maintenant lieu joue cher bout bientôt auriez semaines revenez recontactez possible serais partant équipe vive
voix quand même moment salut aucun aucune
""",
    "de": """
der die das und ich sie wir ihr ist sind nicht ein eine einen einem einer mit für auf bitte danke hallo guten morgen
tag abend können könnten möchte hätte gern gerne wann wie viel was wer wo warum auch aber oder kein keine termin
gespräch donnerstag montag dienstag mittwoch freitag samstag sonntag woche nächste nächsten nachmittag vormittag uhr
haben habe hat bin ja nein passt vielleicht später mir mich uns unser unsere firma kostet preis von zu zum zur im am
um den dem des es gibt wird nur noch schon mal geht melde anderer anderen er du dein dieses meinen meine mein mache
früher hier sie's klingt perfekt richtig so bist buchen verschiebe streiche schnell klick jemand stunde stunden
kann mehr heute bei wurde sich welche diese brauche aus wenn möglich reden gegen nach viele sehen muss etwas zimmer
helfen gerade frei alles wollen meinem lieber kommen brauchen monat fünf abmelden werbung verschieben sprechen nichts
machen anruf treffen suche nächster mittag mensch halb anfang zwei unterlagen nie moin hilfe gut besten als statt
weiter steht schreibt minuten letzte lass erhalten besprechung bekommen arbeit wohnung jemandem ihnen ginge angebot
ihre gib doch dir daten dass buch andere passen melden wieder wochen stunden freitags vormittags wir euch sowie
""",
    "it": """
la le un una in su può ho il lo gli che di per con non sono è siamo ciao buongiorno buonasera grazie prego sì vorrei
voglio posso possiamo quando quanto dove come cosa perché anche ma appuntamento riunione domani giovedì lunedì
martedì mercoledì venerdì sabato domenica settimana prossima pomeriggio mattina sera costa prezzo azienda nostra
nostro della dello degli delle del nel nella alle dalle mio mia miei hai abbiamo avete puoi questo questa quello
altro altra nessuno chi qual quale va bene dopo prima fammi dimmi mi ti ci oggi bisogno parlare parla persona umano
vero vera contatta servizio incontro fissa prenotare salve alla più tra qualcuno cos ottimo buonanotte corretto
dammi trovami sei dal al da no ore rifiuta se e
certo certa sicuro prossimo possibile verso vedere favore allora mese fare aggiungi pagare ora cioè beh annulla
venire scusa preventivo
occhiata mezzogiorno macchina dico cinque chiamata vuole liberi interessa dalla cerco carta adesso sul spostare fate
devo vostro tutto rifare mezza lezione ecco costerebbe viaggio vediamo tutti sembra qualcosa prendere preferisco
giorno funziona dopodomani disdire dare ancora potremmo parlarne voce mezz'ora avreste farmelo vederci incontrarci
incontro settimane ricontattatemi scrivetemi quanti fissare mandami chiamami invii siete avete volete potete salve
mattina
""",
    "hi": """
hai hain kya kaise kaisa kaisi nahi nahin mujhe mera meri mere aap aapka aapki aapke hum humein hamara hamari
chahiye karna karo kariye kijiye kar sakte sakta sakti raha rahe rahi hoon kal parso aaj baje subah shaam dopahar
kitna kitne kitni kab kahan kaun kyun kyon aur lekin bhi mein ko se ka ki ke baat namaste namaskar dhanyavaad
shukriya haan theek thik accha acha ho jaye milega batao bataiye bhejo bhejiye yeh woh abhi baad din hafte dekhte
koi liye karni hata agle saath tha aage ghar wala kaam gaya aaye thodi khali dijiye dete aaya kuch karta tum matlab
kisi kare jagah gaadi yaha suno phir milne mausam dusra bhej arre apke thoda pehle kaunse humne hazaar dekhna baar
milta rakhte kis chalo chahte kal batana milenge milna shukravar mangalvar somvar budhvar guruvar
""",
}

# Letters that only some of the languages use; each is worth two.
TELLING_LETTERS = {
    "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "ß": "de", "ä": "de", "ö": "de", "ü": "de",
    "œ": "fr", "ê": "fr", "û": "fr", "î": "fr", "ù": "it", "ò": "it", "ì": "it",
}  # fmt: skip
