"""What PipeWise says in Italian (Lei, unstressed)."""

PHRASES = {
    "greeting": "Buongiorno, sono l'assistente automatico di {company}. Posso rispondere alle sue domande e trovare un "
    "orario per un incontro con il nostro team. Come posso aiutarla?",
    "disclosure": "Sta parlando con un assistente automatico di {company}; un collega può subentrare in qualsiasi momento.",
    "offer_intro": "Questi orari sono liberi ({timezone}):",
    "offer_intro_alternatives": "Mi dispiace, quell'orario è appena stato preso. Questi sono ancora liberi ({timezone}):",
    "offer_hint": "Risponda con un numero o mi dica che cosa le va meglio.",
    "offer_none": "Non ho nulla di libero che corrisponda esattamente. Questi sono gli orari più vicini ({timezone}):",
    "ask_email": "A quale indirizzo e-mail devo inviare l'invito del calendario?",
    "ask_name": "Quale nome devo mettere sull'invito?",
    "ask_email_invalid": "Questo indirizzo e-mail non sembra completo. Può controllarlo e inviarlo di nuovo?",
    "confirm_booked": "Il suo appuntamento è prenotato: {name}, {when} ({timezone}). L'invito del calendario arriva a "
    "{email}.",
    "confirm_join": "Link per partecipare: {url}",
    "booking_reference": "Riferimento: {reference}",
    "booking_uncertain": "Ho inviato la prenotazione per {when} ({timezone}), ma il calendario non l'ha ancora confermata. "
    "Un collega se ne accerterà.",
    "link_offer": "Può scegliere un orario qui: {url}",
    "fallback_link": "In questo momento non riesco a raggiungere il calendario. Può scegliere un orario sulla nostra "
    "pagina di prenotazione: {url}",
    "fallback_no_link": "In questo momento non riesco a raggiungere il calendario. Un collega le scriverà con gli orari "
    "disponibili.",
    "already_booked": "Ha già un appuntamento: {when} ({timezone}). Desidera spostarlo o annullarlo?",
    "cancel_done": "Il suo appuntamento ({when}) è annullato. Se desidera un altro orario, mi scriva.",
    "change_intro": "Certo, spostiamo il suo appuntamento. Questi altri orari sono liberi ({timezone}):",
    "human_handoff": "Ho chiesto a un collega di subentrare. La risposta arriverà qui.",
    "opt_out_done": "Ricevuto. Non le invieremo altri messaggi. Scriva START se cambia idea.",
    "opt_in_done": "È un piacere ritrovarla. Riceverà di nuovo i nostri messaggi; scriva STOP quando vuole interromperli.",
    "inquiry_ack": "Grazie per il suo interesse.",
    "ask_need": "Che cosa vorrebbe risolvere o migliorare?",
    "ask_company": "In quale azienda lavora?",
    "ask_company_size": "Quante persone lo userebbero?",
    "ask_timeline": "Per quando vorrebbe averlo in funzione?",
    "ask_budget": "Ha in mente un budget?",
    "ask_authority": "Chi altro partecipa alla decisione?",
    "offer_meeting_soft": "Le sarebbe utile una breve chiamata con il nostro team? Posso proporre alcuni orari.",
    "follow_up_ack": "Prendo nota: {when}. Nel frattempo, scriva se le serve qualcosa.",
    "follow_up_ack_open": "Nessun problema, faccia con calma. Scriva quando vuole.",
    "unsupported_media": "Qui non riesco ad aprirlo. Potrebbe scriverlo come testo?",
    "out_of_scope": "Con questo non posso aiutarla, ma rispondo volentieri a domande sul nostro prodotto o trovo un "
    "orario per un incontro.",
    "clarify": "Per essere sicuro: desidera prenotare un incontro o ha prima una domanda?",
    "holding": "Un momento, per favore. Sto verificando.",
    "are_you_bot_answer": "Sì, sono un assistente automatico di {company}. Se preferisce parlare con una persona, me lo "
    "dica.",
    "thanks_reply": "Prego. Sono qui se le serve altro.",
    "slot_label": "{number}. {when}",
    "change_links": "Il suo appuntamento è {when} ({timezone}).\nPer spostarlo: {reschedule}\nPer annullarlo: {cancel}",
    "company_default": "questa azienda",
    "nudge_offer": "Uno degli orari andava bene? Altrimenti ne cerco volentieri altri.",
    "nudge_question": "Sono ancora qui se vuole continuare. Proseguiamo?",
    "nudge_last": "Non scriverò più su questo. Se vuole parlarne più avanti, mandi un messaggio.",
    "return_note": "Mi aveva chiesto di risentirci in questo periodo. Cerchiamo un momento per incontrarci?",
    "reminder": "Un promemoria del Suo appuntamento: {name}, {when} ({timezone}).",
    "meeting_thanks": "Grazie per l'incontro. Se resta qualche domanda, scriva qui.",
    "no_show_recovery": "Sembra che non ci siamo trovati all'appuntamento. Vuole cercare un altro momento?",
}
