"""What PipeWise says in Spanish (usted)."""

PHRASES = {
    "greeting": "Hola, soy el asistente automático de {company}. Puedo responder a sus preguntas y buscar una hora para "
    "reunirse con nuestro equipo. ¿En qué puedo ayudarle?",
    "disclosure": "Está hablando con un asistente automático de {company}; un compañero puede tomar el relevo en "
    "cualquier momento.",
    "offer_intro": "Estas horas están libres ({timezone}):",
    "offer_intro_alternatives": "Lo siento, esa hora acaba de ocuparse. Estas siguen libres ({timezone}):",
    "offer_hint": "Responda con un número o dígame qué le viene mejor.",
    "offer_none": "No tengo nada libre que encaje exactamente. Estas son las horas más cercanas ({timezone}):",
    "ask_email": "¿A qué correo electrónico envío la invitación del calendario?",
    "ask_name": "¿Qué nombre pongo en la invitación?",
    "ask_email_invalid": "Ese correo electrónico no parece completo. ¿Puede revisarlo y enviarlo de nuevo?",
    "confirm_booked": "Su reunión está reservada: {name}, {when} ({timezone}). La invitación del calendario llegará a "
    "{email}.",
    "confirm_join": "Enlace para unirse: {url}",
    "booking_reference": "Referencia: {reference}",
    "booking_uncertain": "He enviado la reserva para el {when} ({timezone}), pero el calendario aún no la ha confirmado. "
    "Un compañero se asegurará de ello.",
    "link_offer": "Puede elegir una hora aquí: {url}",
    "fallback_link": "Ahora mismo no puedo acceder al calendario. Puede elegir una hora en nuestra página de reservas: "
    "{url}",
    "fallback_no_link": "Ahora mismo no puedo acceder al calendario. Un compañero le escribirá con horas disponibles.",
    "already_booked": "Ya tiene una reunión el {when} ({timezone}). ¿Quiere cambiarla o cancelarla?",
    "cancel_done": "Su reunión del {when} queda cancelada. Si quiere otra hora, solo tiene que escribir.",
    "change_intro": "Por supuesto, cambiemos su reunión. Estas otras horas están libres ({timezone}):",
    "human_handoff": "He pedido a un compañero que se encargue. Le responderá por aquí.",
    "opt_out_done": "Entendido. No recibirá más mensajes nuestros. Escriba START si cambia de opinión.",
    "opt_in_done": "Le damos de nuevo la bienvenida. Volverá a recibir nuestros mensajes; escriba STOP cuando quiera dejar de "
    "recibirlos.",
    "inquiry_ack": "Gracias por su interés.",
    "ask_need": "¿Qué le gustaría resolver o mejorar?",
    "ask_company": "¿En qué empresa trabaja?",
    "ask_company_size": "¿Cuántas personas lo usarían?",
    "ask_timeline": "¿Para cuándo le gustaría tenerlo en marcha?",
    "ask_budget": "¿Tiene un presupuesto en mente?",
    "ask_authority": "¿Quién más participa en la decisión?",
    "offer_meeting_soft": "¿Le ayudaría una breve llamada con nuestro equipo? Puedo proponerle algunas horas.",
    "follow_up_ack": "Tomo nota: {when}. Hasta entonces, escriba si necesita algo.",
    "follow_up_ack_open": "Sin problema, tómese su tiempo. Escriba cuando quiera.",
    "unsupported_media": "Aquí no puedo abrirlo. ¿Podría escribirlo como texto?",
    "out_of_scope": "Con eso no puedo ayudarle, pero con gusto respondo a preguntas sobre nuestro producto o busco una "
    "hora para reunirnos.",
    "clarify": "Para estar seguro: ¿quiere reservar una reunión o tiene antes una pregunta?",
    "holding": "Un momento, por favor. Lo estoy mirando.",
    "are_you_bot_answer": "Sí, soy un asistente automático de {company}. Si prefiere hablar con una persona, dígamelo.",
    "thanks_reply": "De nada. Aquí estoy si necesita algo más.",
    "slot_label": "{number}. {when}",
    "change_links": "Su reunión es el {when} ({timezone}).\nPara cambiarla: {reschedule}\nPara cancelarla: {cancel}",
    "company_default": "nuestro equipo",
    "nudge_offer": "¿Le ha convenido alguno de los horarios? Si no, busco otros con gusto.",
    "nudge_question": "Sigo aquí si quiere continuar. ¿Seguimos?",
    "nudge_last": "No volveré a escribirle sobre esto. Si quiere hablar más adelante, envíe un mensaje.",
    "return_note": "Me pidió que le escribiera por estas fechas. ¿Buscamos un momento para reunirnos?",
    "reminder": "Le recuerdo su reunión: {name}, {when} ({timezone}).",
    "meeting_thanks": "Gracias por la reunión. Si queda alguna pregunta, escríbame aquí.",
    "no_show_recovery": "Parece que no coincidimos en la reunión. ¿Quiere buscar otro momento?",
}
