"""How a reply says that a meeting stands, and what makes such words a question, a denial or an offer."""

CLAIMS = """
you're|you|your|all|it's|it|that's|we're|we|i've|we've|i|meeting|call|demo|appointment|everything ... booked|
    confirmed|scheduled|reserved|arranged; booked|scheduled|reserved|confirmed you|it|your|this|that|a|the|in
booking|appointment|meeting|call|demo|reservation is|are|has|was|'s ... confirmed|booked|set|scheduled|complete|made
all set; you're|you are|your ... set for|on|at; i|we have|just? booked|scheduled|reserved|confirmed|arranged
i've|we've just? booked|scheduled|reserved|confirmed|arranged|added|put|set
booking|meeting|appointment confirmed|booked|scheduled|complete|made
see|talk|speak to? you|then ... on|at|tomorrow|monday|tuesday|wednesday|thursday|friday|then
confirmed $; booked $; done ... booked|confirmed|scheduled; locked in; it's in the calendar|diary
added ... to|in your|the|our calendar; calendar invite|invitation is|was|has ... sent|way
invite|invitation is|was|has ... sent|way; i've|we've|i|we ... sent ... invite|invitation
looking forward to meeting|seeing|speaking|talking
reunión|cita|llamada|demo|reserva|sesión|horario|plaza|todo ... reservada|reservado|confirmada|confirmado|agendada|
    agendado|programada|programado|fijada|concertada
queda|quedó|está|ha|he|hemos|han ... reservada|reservado|confirmada|confirmado|agendada|agendado|programada|
    programado|fijada|reservamos; he|hemos ... reservado|agendado|programado|confirmado; nos vemos el|mañana|a
confirmado $; confirmada $; reservado $
reunião|chamada|demonstração|demo|marcação|horário|call|tudo ... marcada|marcado|confirmada|confirmado|agendada|
    agendado|reservada|reservado
está|ficou|foi|fica|já ... marcada|marcado|confirmada|confirmado|agendada|agendado|reservada|reservado
marquei|agendei|reservei|confirmei|marcámos|marcamos; até amanhã|segunda|terça|quarta|quinta|sexta; confirmado $
marcado $; agendado $
rendez vous? ... confirmé|réservé|fixé|pris|programmé|planifié
rdv|réunion|appel|démo|créneau|réservation ... confirmé|confirmée|réservé|réservée|fixé|fixée|pris|planifiée|planifié|
    programmé|programmée; est|avons|ai|êtes ... réservé|réservée|confirmé|confirmée|fixé|programmé|planifié
c'est ... confirmé|réservé|fixé|booké; confirmé $; réservé $; à demain|lundi|mardi|mercredi|jeudi|vendredi
termin|gespräch|demo|meeting|buchung|call|anruf|treffen ... gebucht|bestätigt|vereinbart|eingetragen|reserviert|
    geplant|fixiert|steht|fest; ist|habe|haben|wurde|sind ... gebucht|bestätigt|eingetragen|reserviert|vereinbart
alles klar ... gebucht|eingetragen; gebucht $; bestätigt $
bis morgen|montag|dienstag|mittwoch|donnerstag|freitag dann|um|?
appuntamento|incontro|chiamata|demo|prenotazione|riunione|call|tutto ... prenotato|prenotata|confermato|confermata|
    fissato|fissata|programmata|programmato
è|ho|abbiamo|sono ... prenotato|prenotata|confermato|confermata|fissato|fissata; confermato $; prenotato $
a domani|lunedì|martedì|mercoledì|giovedì|venerdì
ci vediamo|sentiamo domani|lunedì|martedì|mercoledì|giovedì|venerdì|alle
मीटिंग|कॉल|डेमो|अपॉइंटमेंट|बुकिंग|समय|स्लॉट ... बुक|तय|पक्की|पक्का|कन्फर्म|निर्धारित|शेड्यूल ... गई|गया|है|चुकी|दी|दिया
बुक|कन्फर्म|तय|पक्की|शेड्यूल ... हो|कर ... गई|गया|चुकी|दी|दिया|ली
meeting|call|demo|booking|slot|appointment ... book|booked|confirm|confirmed|fix|fixed|pakki|tay|schedule|
    scheduled ... ho|kar|hai|gayi|gaya|di|diya; book|confirm|fix|schedule ho gayi|gaya|gya|chuki
book|confirm|fix|schedule kar di|diya|li
تم|تمت ... حجز|الحجز|تأكيد|تحديد|جدولة|تثبيت ... موعد*|اجتماع*|لك|لكم|الموعد|الاجتماع|المكالمة|مكالمة
تم الحجز|التأكيد|حجز|تأكيد; حجزت|حجزنا|أكدت|أكدنا|ثبتنا
موعد*|الموعد|اجتماع*|الاجتماع|حجز*|الحجز|المكالمة ... مؤكد|مؤكدة|محجوز|محجوزة|ثابت|تأكد
"""
# Words that keep a claim from being one when they stand in the same clause, in front of it or inside it.
UNDONE = """
not no never isn't aren't hasn't haven't wasn't cannot can't couldn't won't once if when until before unless after
would could should can may might shall let will to want like need please how whether someone somebody yet nothing
available unable fully taken be being get gets getting which no nunca aún todavía si cuando una vez hasta puedo puede
podría quiere quisiera para podemos será sin debe ser antes não nao nunca ainda se quando assim posso pode poderia
quer para podemos será sem deve ser antes até ne pas jamais encore si quand dès une fois puis peut pourrais voulez
pour pouvons sera sans doit être avant nicht kein keine nie noch wenn sobald falls kann können könnte soll sollen
möchten möchte wird werden würde um bevor non mai ancora se quando appena posso può potrei vuole per possiamo sarà
senza deve essere prima नहीं मत अगर जब तक क्या सकता सकते सकती चाहेंगे चाहते करूँ पहले nahi nahin agar jab tak kya sakta
sakte sakti karun pehle لم لن لا ليس إذا عندما بعد هل يمكن يمكنني يمكنكم قبل حتى لكي سوف سيتم
"""

# What says of a day that it can be had. A day without a time is checked beside one of these.
AVAILABLE = """
free; available; availability; open; opening|openings; slot|slots; works; suits; possible; offer; book; booked
confirmed; scheduled; meet; see you; speak|talk; call; fits; have time
libre|libres; disponible|disponibles; disponibilidad; hueco|huecos; posible; ofrecer*; reserv*; podemos; nos vemos
agend*; livre|livres; disponível|disponíveis; vaga; posso; marcar|marcad*; até
libre|libres; créneau|créneaux; dispo; possible; proposer; réserv*; à demain; confirm*; frei; verfügbar; möglich
anbieten; buch*; gebucht; treffen; sprechen; passt; bis
libero|liberi|libera; disponibile|disponibili; possibile; offrire; prenot*; ci vediamo|sentiamo; खाली; उपलब्ध; बुक
मिल*; free; available; متاح|متاحة; ممكن; نلتقي; حجز*; موعد*
"""
# What says of a time that it cannot be had.
UNAVAILABLE = """
taken; unavailable; gone; full; fully booked; not|isn't|no|longer ... available|free|possible|open
already booked|taken; nothing ... on|at; have|has nothing|no; no longer; closed; passed
cannot|can't|couldn't ... offer|do|make|book
ocupad*; no ... disponible|libre|posible|queda|hay; ya no; nada ... libre|disponible; reservada ya; indispon*
não|nao ... disponível|livre|há|tenho; já não; nada livre; pris|prise; complet; indisponible
plus disponible|libre|possible; pas ... disponible|libre|possible; rien ... libre
vergeben; belegt; nicht|kein|keine|nichts ... frei|verfügbar|möglich|mehr; ausgebucht; occupat*
non ... disponibile|libero|possibile|più; nulla ... libero; उपलब्ध नहीं; नहीं; nahi ... available|hai; محجوز|محجوزة
غير متاح|متاحة|ممكن; لا ... يوجد|متاح; حجز للتو
"""
