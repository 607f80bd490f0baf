"""What PipeWise says in French (vous)."""

PHRASES = {
    "greeting": "Bonjour, je suis l'assistant automatique de {company}. Je peux répondre à vos questions et trouver un "
    "créneau avec notre équipe. Comment puis-je vous aider ?",
    "disclosure": "Vous échangez avec un assistant automatique de {company} ; un collègue peut prendre le relais à tout "
    "moment.",
    "offer_intro": "Voici des créneaux libres ({timezone}) :",
    "offer_intro_alternatives": "Désolé, ce créneau vient d'être pris. Ceux-ci sont encore libres ({timezone}) :",
    "offer_hint": "Répondez par un numéro ou dites-moi ce qui vous conviendrait mieux.",
    "offer_none": "Je n'ai rien de libre qui corresponde exactement. Voici les créneaux les plus proches ({timezone}) :",
    "ask_email": "À quelle adresse e-mail dois-je envoyer l'invitation ?",
    "ask_name": "Quel nom dois-je indiquer sur l'invitation ?",
    "ask_email_invalid": "Cette adresse e-mail ne semble pas complète. Pouvez-vous la vérifier et la renvoyer ?",
    "confirm_booked": "Votre rendez-vous est réservé : {name}, {when} ({timezone}). L'invitation part à {email}.",
    "confirm_join": "Lien pour participer : {url}",
    "booking_reference": "Référence : {reference}",
    "booking_uncertain": "J'ai envoyé la réservation pour le {when} ({timezone}), mais l'agenda ne l'a pas encore confirmée. "
    "Un collègue va s'en assurer.",
    "preview_booking": "Je réserverais maintenant un rendez-vous : {when} ({timezone}). Ceci est un aperçu, sans réservation.",
    "link_offer": "Vous pouvez choisir un créneau ici : {url}",
    "fallback_link": "Je n'arrive pas à joindre le calendrier pour le moment. Vous pouvez choisir un créneau sur notre "
    "page de réservation : {url}",
    "fallback_no_link": "Je n'arrive pas à joindre le calendrier pour le moment. Un collègue vous écrira avec des "
    "créneaux.",
    "already_booked": "Vous avez déjà un rendez-vous : {when} ({timezone}). Souhaitez-vous le déplacer ou l'annuler ?",
    "cancel_done": "Votre rendez-vous ({when}) est annulé. Si vous souhaitez un autre créneau, écrivez-moi.",
    "change_intro": "Bien sûr, déplaçons votre rendez-vous. Voici d'autres créneaux libres ({timezone}) :",
    "human_handoff": "J'ai demandé à un collègue de prendre le relais. La réponse arrivera ici.",
    "back_at": "L'équipe est de retour le {when} ({timezone}).",
    "opt_out_done": "C'est noté. Vous ne recevrez plus de messages de notre part. Écrivez START si vous changez d'avis.",
    "opt_in_done": "Heureux de vous retrouver. Vous recevrez de nouveau nos messages ; écrivez STOP pour les arrêter.",
    "inquiry_ack": "Merci de votre intérêt.",
    "ask_need": "Que souhaitez-vous résoudre ou améliorer ?",
    "ask_company": "Dans quelle entreprise travaillez-vous ?",
    "ask_company_size": "Combien de personnes l'utiliseraient ?",
    "ask_timeline": "Pour quand souhaitez-vous le mettre en place ?",
    "ask_budget": "Avez-vous un budget en tête ?",
    "ask_authority": "Qui d'autre participe à la décision ?",
    "offer_meeting_soft": "Un court appel avec notre équipe vous aiderait-il ? Je peux proposer quelques créneaux.",
    "unqualified_thanks": "Merci pour vos réponses. Si quelque chose change de votre côté, écrivez-nous simplement.",
    "colleague_answers": "Un collègue y répondra mieux que moi ; je lui ai transmis votre question et il vous répondra ici.",
    "colleague_invites": "Je l'ai transmis à un collègue, qui s'occupera de l'invitation.",
    "from_documents": "Extrait de notre documentation (dans une autre langue) :",
    "follow_up_ack": "C'est noté : {when}. D'ici là, écrivez si vous avez besoin de quelque chose.",
    "follow_up_ack_open": "Pas de problème, prenez votre temps. Écrivez quand vous le souhaitez.",
    "unsupported_media": "Je ne peux pas ouvrir cela ici. Pourriez-vous l'écrire en texte ?",
    "out_of_scope": "Je ne peux pas vous aider pour cela, mais je réponds volontiers aux questions sur notre produit ou "
    "je vous trouve un créneau.",
    "clarify": "Pour être sûr : souhaitez-vous prendre rendez-vous, ou avez-vous d'abord une question ?",
    "language_switched": "Bien sûr, continuons en français. Comment puis-je vous aider ?",
    "holding": "Un instant, s'il vous plaît. Je regarde.",
    "are_you_bot_answer": "Oui, je suis un assistant automatique de {company}. Si vous préférez parler à une personne, "
    "dites-le-moi.",
    "thanks_reply": "Avec plaisir. Je suis là si vous avez besoin d'autre chose.",
    "slot_label": "{number}. {when}",
    "change_links": "Votre rendez-vous est prévu le {when} ({timezone}).\nPour le déplacer : {reschedule}\nPour l'annuler : {cancel}",
    "company_default": "notre équipe",
    "nudge_offer": "Un des horaires vous convenait-il ? Sinon, j'en cherche volontiers d'autres.",
    "nudge_times": "L'un des créneaux vous convient-il ? Voici ceux qui sont libres maintenant ({timezone}) :",
    "nudge_question": "Je suis toujours là si vous souhaitez continuer. On poursuit ?",
    "nudge_last": "Je ne vous écrirai plus à ce sujet. Si vous souhaitez en parler plus tard, envoyez un message.",
    "return_note": "Vous m'aviez demandé de revenir vers vous à cette période. Cherchons-nous un moment pour "
    "nous rencontrer ?",
    "reminder": "Un rappel de votre rendez-vous : {name}, {when} ({timezone}).",
    "meeting_thanks": "Merci pour ce rendez-vous. S'il reste une question, écrivez ici.",
    "no_show_recovery": "Il semble que nous nous soyons manqués au rendez-vous. Souhaitez-vous trouver un autre "
    "moment ?",
}
