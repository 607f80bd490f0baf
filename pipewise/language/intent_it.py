"""Italian phrases that speak for an intent, by weight. `^ ` pins a phrase to the start of a clause, ` $` to its end."""

_MEET = (
    "appuntament*|riunion*|chiamata|demo|dimostrazione|incontro|call|videochiamata|colloquio|telefonata|evento|"
    "meeting|zoom|presentazione|consulenza|prenotazione"
)
_DAY = "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|domani|oggi|mattina|pomeriggio|settimana|sera"
_MOVE = "spost*|rimand*|cambi*|rinvi*|anticip*|modific*|posticip*|riprogramm*|aggiorn*|ripianific*|estend*|accorci*"

PHRASES = {
    "meeting_request": {
        5.0: "prenot*|fiss*|organizz*|programm*|pianific*|cre*|aggiung*|mett*|metti|imposta*|inserisc*|fare|"
        f"facciamo|vorrei|voglio|possiamo|posso|potremmo|prend*|richied*|chied*|bisogno|concord* ... {_MEET}; "
        f"{_MEET} con|domani|alle|per; vorrei|voglio|posso vedere|una|vedere? ... demo",
        4.6: "avete|hai|ha|è|sono|avreste|quali ... disponibilità|orari|orario|posto|slot|appuntamenti|libero|"
        f"liberi ... {_DAY}|per|?; siete|è|sei liberi|libero|disponibile|disponibili; "
        "quando ... potete|possiamo|siete|disponibili|libero|sentirci|parlare|vederci; "
        "possiamo|potremmo|vorrei ... sentirci|vederci|parlare|incontrarci|incontrarvi; "
        "può|potete|potrebbe ... chiamarmi|richiamarmi|telefonarmi; "
        "chiamami|chiamatemi|chiamatemi|richiamatemi; "
        "ci sentiamo|vediamo ... alle|domani|?; mand*|invi* ... calendly|calendario|link|disponibilità; "
        "parlare con ... commerciale|vendite|consulente",
        1.8: f"{_MEET}; prenot*|fissa*; disponib*; orario|orari; {_DAY} alle #; alle #",
    },
    "meeting_change": {
        5.5: f"{_MOVE} ... {_MEET}|orario|ora|data|giorno|pranzo|cena; "
        f"annull*|cancell*|disdi*|elimin*|rimuov*|declin* ... {_MEET}|calendario|{_DAY}; riprogramm*; "
        "rimandare|rinviare|posticipare|disdire",
        4.6: f"{_MOVE} ... a|al|alle|per ... {_DAY}|#; imprevisto; contrattempo; "
        "è|successo|capitato|sorto ... qualcosa|imprevisto; non posso|riesco|potrò|riuscirò ... venire|"
        f"esserci|partecipare|{_DAY}|più; altro|altra|diverso giorno|data|ora|orario; invece di|del|che; "
        f"meglio alle|il|{_DAY}; faccio|sono in? ritardo",
        2.0: "spostare|sposta|spostiamo; cambiare|cambia; annullare|annulla|annulla; più tardi|presto; anticipa*",
    },
    "lead_inquiry": {
        4.8: "quanto ... costa|costano|viene|costerebbe|è|pago|vale; prezzo|prezzi|costo|costi|tariffa|tariffe|"
        "sconto|sconti|preventivo|abbonamento|budget|listino; avete|offrite|c è|esiste|include|ha|fate ... "
        "prova|gratis|gratuita|sconto|sconti|piano|piani|api|versione|integrazione|supporto|app; "
        "prova|versione gratis|gratuita; integra*|funziona*|compatibile|collega*|va ... con|su|per; "
        "più|maggiori informazioni|info|dettagli; saperne di più; sapere|conoscere di? più|come|se; "
        "vorrei|voglio|desidero ... informazioni|info|sapere|acquistare|comprare|conoscere|provare|capire; "
        "siamo|abbiamo|sono|ho|lavoro ... azienda|persone|dipendenti|clienti|agenzia|negozio|team|studio|"
        "startup|società|venditori; come funziona*; cosa|che ... include|fa|offrite|differenz*|fate; "
        "supportate|accettate|offrite|vendete|lavorate|gestite; interess* ... a|al|prodotto|servizio|vostro; "
        "quali ... piani|lingue|funzionalità|paesi|pacchetti",
        2.4: "prezzo; piano; azienda; prodotto; servizio; informazioni; costa; potete|posso; come; whatsapp; clienti",
    },
    "follow_up": {
        4.8: "ci|qualche|avete|sono|novità ... novità|notizie|aggiornamenti; novità; "
        "ci? devo|dobbiamo|voglio ci? pensare|pensarci|riflettere; ci penso|pensiamo|penserò; "
        "devo|dobbiamo|vorrei ... pensarci|parlarne|valutare|consultare|chiedere|vedere|rifletterci; "
        "vi|ti|le faccio|farò sapere; fac* sapere; per ora|adesso|momento no|non|?; "
        "non adesso|ora|ancora|interessa|voglio|è; non mi interessa|piace; "
        "non ho|sono bisogno|interessato|sicuro; non in questo; forse ... più|avanti|prossimo|dopo|tardi; "
        "più avanti; ricevuto|ricevuta|ho ricevuto ... proposta|email|pdf|preventivo|la|?; "
        "^ grazie|sì|si|ok|okay|perfetto|va|bene|certo|no|esatto|ottimo|corretto|giusto|ricevuto|confermo|"
        "assolutamente|certamente|sicuro|rifiuto|rifiuta|conferma|volentieri|sicuramente|nemmeno|neanche; "
        "va bene; mi|ci va|sta bene; grazie mille; no grazie; d accordo; mi piace; suona bene; "
        "abbiamo|ho già; ricontatt*|risent*|scriv* ... mese|settimana|prossimo|gennaio|febbraio|avanti; "
        "è corretto|giusto|sbagliato|ok|vero",
        2.4: "grazie; perfetto; dopo; sì; prossimo mese|trimestre|anno; non sono sicur*; bene; esatto; corretto; "
        "rifiut*; conferm*",
    },
    "greeting": {
        4.8: "^ ciao|salve|buongiorno|buonasera|buonanotte|ehi|hey|buondì|buon; "
        "^ buon|buona giorno|sera|notte|pomeriggio|giornata; come stai|sta|state|va|butta|ti|te; come vanno; "
        "che fai|si|mi racconti; che cosa? fai|stai; arrivederci|addio; a presto|dopo|domani|più; "
        "piacere ... conoscer*|mio|?; raccont*|dimmi|fammi|sai ... barzelletta|storia|battuta|ridere|"
        "divertente; chi sei|ti|è il tuo; come ti chiami|chiami; quanti anni; qual è ... tuo|tua; "
        "ti amo|odio|voglio|adoro|piace|piaccio|vuoi|piacciono; sei ... stupido|intelligente|bello|bella|"
        "pazzo|simpatic*|divertent*|carin*|brutt*|noios*|brav*|male|senziente|fantastic*|mio|il|uno|un|molto|"
        "così|fastidios*|cattiv*|scem*; dove vivi|abiti; hai ... fame|fidanzat*|amici|sentimenti|fratelli|"
        "sonno|figli|dita|mai; mi manchi|sposi|senti|trovi|mancata|ami; sei mancat*; "
        "buon compleanno|natale|anno|anno; cosa|che sai|puoi fare|fai; mi sento|annoio; "
        "sono triste|felice|stanco|solo|sola|arrabbiat*|annoiat*|tornat*; parlami; chiacchier*; "
        "amici migliori|miei; migliori amici; tu ... sei|hai|credi|pensi; devi essere; sei; "
        "incredibile quanto; quanto mi; parli ... lingue|troppo",
        1.9: "^ ciao; ^ salve; barzelletta; amico; tu; ti",
    },
    "out_of_scope": {
        5.0: "che tempo|temperatura; meteo|piove|pioverà|nevica*|neve|temperatura|previsioni; "
        "chi ha|era|è|fu|ha vinto ... vinto|inventato|scritto|presidente|il|la; vinto ... partita|coppa; "
        "guadagna* ... soldi|euro; clicca|cliccare qui; offerta|offerte di lavoro; posizioni aperte; "
        "curriculum; offriamo ... servizi|seo|marketing; capitale della|di|del; ricett*; "
        "follower|bitcoin|scommesse|casinò|lotteria|prestito; metti|riproduci|suona|ascolt* ... canzone|"
        "musica|playlist|brano|album; sveglia|allarme|promemoria; ricordami|ricorda ... di|che; "
        "film|cinema|vedere|proiezion*; ristorant*|pizza|cibo|cena|tavolo; "
        "vol|volo|voli|hotel|taxi; traduc*; presidente; che ore sono; compiti|tema|saggio; lavatrice; "
        "calcio; playlist|album|canzone|romanzo|libro|brano|sinfonia; vota|valuta ... stelle|#; "
        "aggiungi ... playlist|alla|lista; trova*|cerca* ... film|canzone|romanzo|libro|programma|orari; "
        "galassia|pianeta|via lattea|secolo|guerra|filosof*|scienza; cos è ... h|ecografia|la|il|l; "
        "voglio vedere|ascoltare; dammi ... canzone|romanzo|film",
        1.8: "chi è|era|ha; qual è; dove è|si; cosa è|significa; cos è; perché; quando è; trovami|trova; "
        "ferma|spegni; quale; mia banca|mamma; mio conto|cane",
    },
}
