"""German phrases that speak for an intent, by weight. `^ ` pins a phrase to the start of a clause, ` $` to its end."""

_MEET = (
    "termin*|meeting|meetings|gespräch*|treffen|anruf|demo|demos|telefonat|call|besprechung*|vorführung|beratung|"
    "beratungsgespräch|präsentation|zoom|videocall|verabredung|zahnarzttermin|kalendereintrag"
)
_DAY = (
    "montag*|dienstag*|mittwoch*|donnerstag*|freitag*|samstag*|sonntag*|morgen|heute|vormittag|nachmittag|woche|"
    "übermorgen"
)
_MOVE = "verschieb*|verleg*|änder*|umbuch*|vorverleg*|verlänger*|verkürz*|aktualisier*|tausch*|beweg*|vorzieh*"

PHRASES = {
    "meeting_request": {
        5.0: "buch*|vereinbar*|plan*|einricht*|organisier*|reservier*|ansetz*|erstell*|mach*|mache|leg*|setz*|"
        "trag*|füg*|hätte*|möchte*|will|brauche|wünsche|können|könnten|würde|kann|bitte|anfordern|anfragen "
        f"... {_MEET}; {_MEET} ... vereinbar*|buch*|eintrag*|mach*|plan*|ausmach*|anfrag*|ansetz*|erstell*|"
        "hinzufüg*|festleg*|einricht*",
        4.6: "haben|hätten|habt|gibt|hast|wäre ... termin*|frei|freie|zeit|slot|kapazität|verfügbar*; "
        "wann ... haben|sind|können|könnten|passt|frei|zeit|verfügbar|telefonieren|sprechen; "
        "sind|seid|bist|wären sie|ihr|du ... frei|verfügbar|erreichbar; "
        "können|könnten|wollen|sollen|lass wir|uns ... telefonieren|sprechen|treffen|reden|zusammensetzen|"
        "austauschen|unterhalten|sehen; "
        "rufen|ruf|ruft sie? mich|uns ... an|zurück; können|könnten sie|du ... mich|uns anrufen|zurückrufen; "
        "schicken|senden|schick ... calendly|kalender|link|verfügbarkeit*; "
        "demo ... sehen|bekommen|gern|gerne|bitte; mit ... vertrieb sprechen|reden; "
        "zeigen ... produkt|demo|live",
        1.8: f"{_MEET}; {_DAY} um #; um # uhr; verfügbar*; frei; telefonieren; kalender",
    },
    "meeting_change": {
        5.5: f"{_MOVE} ... {_MEET}|uhrzeit|zeit|datum|verabredung; {_MEET} ... verschieb*|verleg*|absag*|änder*|"
        "umbuch*|stornier*|lösch*|cancel*|streich*|abgesagt|verschoben; "
        f"sag*|stornier*|cancel*|lösch*|streich*|entfern*|lehn*|bereinig* ... {_MEET}|kalender|termine; "
        "verschieb*; umbuchen|verlegen; absagen; stornieren",
        4.6: f"{_MOVE} ... auf|um ... {_DAY}|#|stunde|halbe; etwas|was ... dazwischen*; dazwischengekommen; "
        f"schaffe|kann|werde ... es|leider|doch|{_DAY} ... nicht ... {_DAY}|kommen|schaffen|teilnehmen|dabei|"
        f"?; anderer|anderen|andere|anderes tag|termin|zeit|uhrzeit; statt ... um|{_DAY}|#; "
        f"lieber um|am|{_DAY}; verspäte*; komme ... später; früher|später beginn*|anfang*|start*",
        2.0: "ändern; absagen; später|früher; lieber; anderer|anderen",
    },
    "lead_inquiry": {
        4.8: "was|wie viel|wieviel ... kostet|kosten|koste|zahl*|preis; "
        "preis*|kosten|kostet|tarif*|rabatt*|angebot*|paket*|gebühr*|budget|lizenz*; "
        "gibt|haben|bieten|existiert|hat ... kostenlos*|test*|rabatt*|schnittstelle|api|version|integration|"
        "app|support|paket; kostenlose*|gratis test*|version|probe*; "
        "funktioniert|integrier*|kompatibel|verbinden|läuft|verträgt|arbeitet|schnittstelle ... mit|auf|zu|"
        "für; mehr info*|erfahren|wissen|details|informationen; "
        "möchte|würde|will|brauche|interessiere ... informationen|infos|wissen|erfahren|kaufen|bestellen|"
        "testen|kennenlernen|mich; wir|ich sind|haben|bin|betreibe|suchen|suche|arbeite|brauchen ... team|"
        "firma|unternehmen|mitarbeiter|leute*|personen|kunden|agentur|praxis|vertrieb|startup|lösung|tool|"
        "software|nutzer; wie funktioniert; welche|welches|welcher ... sprachen|funktionen|pakete|"
        "unterstütz*|tarife|länder|unterschied|plan; "
        "unterstütz*|bieten|verkaufen|liefern|akzeptieren sie|ihr|der|das; dsgvo; "
        "interess* ... an|produkt|ihr|ihrem; was ... unterscheidet|macht|kann|bietet|beinhaltet",
        2.4: "preis; produkt; firma; unternehmen; angebot; kostet; kann ich|man; wie; whatsapp; kunden; "
        "informationen; funktion*",
    },
    "follow_up": {
        4.8: "gibt|schon|etwas|was ... neues|neuigkeiten|update; überleg*|denke ... es|mir|darüber|nach; "
        "melde|melden ... mich|uns; sage ... bescheid; gebe ... bescheid|rückmeldung; "
        "im moment|gerade|jetzt|aktuell|derzeit|momentan nicht|kein|keine; "
        "nicht jetzt|nötig|interessiert|mehr; noch nicht|keine|nicht?; kein|keine interesse|bedarf|zeit; "
        "vielleicht ... später|nächst*|monat|quartal|jahr; habe|haben|hab ... angebot|mail|nachricht|"
        "unterlagen ... erhalten|bekommen|gelesen; habe|haben|hab ... erhalten|bekommen|gelesen|angeschaut|"
        "angesehen|gesehen; "
        "^ danke|ja|ok|okay|passt|perfekt|super|nein|genau|gut|alles|klar|sicher|stimmt|richtig|"
        "einverstanden|verstanden|negativ|gerne|natürlich|jawohl; alles klar; vielen|herzlichen dank; "
        "klingt|hört|das gut|perfekt|sich; passt mir|uns|gut|für; nein danke; "
        "muss|müssen|werde ... besprechen|klären|absprechen|fragen|sprechen|rücksprache ; "
        "mit ... chef|partner|team|frau|mann|kollegen ... besprechen|sprechen|klären|abstimmen; "
        "haben schon|bereits; bereits ... entschieden|lösung|anbieter; "
        "schreib*|melde*|kontaktier* ... nächst*|monat|woche|quartal|januar|februar|später; "
        "das ist richtig|korrekt|falsch",
        2.4: "danke; passt; später; ja; nächsten monat; nächstes quartal|jahr; unsicher; genau; richtig; gut; "
        "bestätig*; ablehnen; nein",
    },
    "greeting": {
        4.8: "^ hallo|hallöchen|hi|hey|moin|servus|grüezi|tag|guten|grüß; "
        "^ guten|schönen|gute morgen|tag|abend|nacht|mittag; guten tag|morgen|abend; wie geht|gehts|läuft; "
        "was geht|gibt's|machst; tschüss|tschüs|ciao|wiedersehen; auf wiedersehen; "
        "bis bald|später|dann|morgen; schönen|schönes tag|abend|wochenende|feierabend; freut mich; "
        "erzähl*|kennst|sag ... witz*|geschichte|lustiges; wer bist|hat dich|sind; wie heißt|heißen; "
        "wie alt; ich liebe|hasse|mag|vermisse dich; "
        "du bist|du ... dumm|schlau|süß|lustig|unlustig|nett|hübsch|blöd|langweilig|schön|toll|hässlich|"
        "witzig|verrückt|gut|schlecht|cool|mein|so|ein; magst|kannst|hast|willst|träumst|schläfst|isst|lebst|"
        "liebst du; wo wohnst|lebst|kommst; alles gute|geburtstag; geburtstag; "
        "frohe|frohes weihnachten|ostern|neues; was kannst du; mir ist langweilig; "
        "ich bin traurig|müde|glücklich|einsam|hungrig|wütend|wieder; sagst|redest|denkst|findest du; "
        "wer von uns; heirate mich; halt die; bist du",
        1.9: "^ hallo; ^ hi; witz; guten; du; dir|dich",
    },
    "out_of_scope": {
        5.0: "wetter|temperatur|regnet|regen|schneit; wer hat|war|ist|gewann ... gewonnen|erfunden|geschrieben|"
        "präsident|könig|entdeckt; gewonnen ... spiel|preis; spiel gewonnen; "
        "stellenangebot*|bewerbung*|praktikum|lebenslauf; wir bieten ... dienstleistungen|seo|marketing|"
        "webdesign; verdien* ... geld|euro; klick*|drück* ... hier|link; hauptstadt; rezept*; "
        "follower|bitcoin|wetten|casino|lotterie|kredit; spiel|spiele ... lied|musik|playlist|song; "
        "wecker|alarm; film|filme|kino; restaurant*|pizza|essen|kochen; flug|flüge|hotel*|taxi; übersetz*; "
        "bundeskanzler; wie spät; hausaufgaben|aufsatz; waschmaschine; fußball|bundesliga",
        1.6: "wer; was ist|sind; wo ist|liegt; warum; wie hoch|weit|alt; mein konto|hund|bank; meine karte|mutter",
    },
}
