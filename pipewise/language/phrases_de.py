"""What PipeWise says in German (Sie)."""

PHRASES = {
    "greeting": "Guten Tag, hier ist der automatische Assistent von {company}. Ich beantworte Ihre Fragen und finde einen "
    "Termin mit unserem Team. Wie kann ich helfen?",
    "disclosure": "Sie schreiben mit einem automatischen Assistenten von {company}; ein Kollege kann jederzeit übernehmen.",
    "offer_intro": "Diese Zeiten sind frei ({timezone}):",
    "offer_intro_alternatives": "Leider wurde dieser Termin gerade vergeben. Diese Zeiten sind noch frei ({timezone}):",
    "offer_hint": "Antworten Sie mit einer Nummer oder sagen Sie mir, was besser passt.",
    "offer_none": "Genau passend ist leider nichts frei. Das sind die nächstliegenden Zeiten ({timezone}):",
    "ask_email": "An welche E-Mail-Adresse soll die Kalendereinladung gehen?",
    "ask_name": "Welcher Name soll auf der Einladung stehen?",
    "ask_email_invalid": "Diese E-Mail-Adresse scheint nicht vollständig zu sein. Können Sie sie prüfen und noch einmal "
    "senden?",
    "confirm_booked": "Ihr Termin ist gebucht: {name}, {when} ({timezone}). Die Kalendereinladung geht an {email}.",
    "confirm_join": "Link zur Teilnahme: {url}",
    "booking_reference": "Referenz: {reference}",
    "booking_uncertain": "Ich habe die Buchung für {when} ({timezone}) abgeschickt, aber der Kalender hat sie noch nicht bestätigt. "
    "Ein Kollege kümmert sich darum.",
    "preview_booking": "Jetzt würde ein Termin gebucht: {when} ({timezone}). Das ist eine Vorschau: Es wurde nichts gebucht.",
    "link_offer": "Hier können Sie einen Termin wählen: {url}",
    "fallback_link": "Der Kalender ist gerade nicht erreichbar. Auf unserer Buchungsseite können Sie einen Termin wählen: "
    "{url}",
    "fallback_no_link": "Der Kalender ist gerade nicht erreichbar. Ein Kollege meldet sich mit freien Zeiten bei Ihnen.",
    "already_booked": "Sie haben schon einen Termin: {when} ({timezone}). Möchten Sie ihn verschieben oder absagen?",
    "cancel_done": "Ihr Termin ({when}) ist abgesagt. Wenn Sie einen anderen möchten, schreiben Sie einfach.",
    "change_intro": "Gern, wir verschieben Ihren Termin. Diese anderen Zeiten sind frei ({timezone}):",
    "human_handoff": "Ich habe einen Kollegen gebeten zu übernehmen. Die Antwort kommt hier.",
    "back_at": "Das Team ist wieder da: {when} ({timezone}).",
    "opt_out_done": "Verstanden. Sie erhalten keine Nachrichten mehr von uns. Schreiben Sie START, falls Sie es sich "
    "anders überlegen.",
    "opt_in_done": "Schön, dass Sie wieder da sind. Sie erhalten wieder Nachrichten von uns; mit STOP beenden Sie das "
    "jederzeit.",
    "inquiry_ack": "Vielen Dank für Ihr Interesse.",
    "ask_need": "Was möchten Sie lösen oder verbessern?",
    "ask_company": "Für welches Unternehmen arbeiten Sie?",
    "ask_company_size": "Wie viele Personen würden es nutzen?",
    "ask_timeline": "Bis wann soll es eingeführt sein?",
    "ask_budget": "Haben Sie ein Budget im Sinn?",
    "ask_authority": "Wer entscheidet noch mit?",
    "offer_meeting_soft": "Würde ein kurzes Gespräch mit unserem Team helfen? Ich kann einige Zeiten vorschlagen.",
    "unqualified_thanks": "Vielen Dank für Ihre Antworten. Wenn sich bei Ihnen etwas ändert, schreiben Sie einfach.",
    "colleague_answers": "Das beantwortet am besten jemand aus unserem Team; "
    "ich habe Ihre Frage weitergegeben, und die Antwort kommt hier.",
    "colleague_invites": "Ich habe das an einen Kollegen weitergegeben, der sich um die Einladung kümmert.",
    "from_documents": "Aus unserer Dokumentation (in einer anderen Sprache):",
    "follow_up_ack": "Ich habe es notiert: {when}. Schreiben Sie gern, wenn vorher etwas ist.",
    "follow_up_ack_open": "Kein Problem, lassen Sie sich Zeit. Schreiben Sie einfach, wenn es so weit ist.",
    "unsupported_media": "Das kann ich hier nicht öffnen. Könnten Sie es als Text schreiben?",
    "out_of_scope": "Dabei kann ich nicht helfen, aber ich beantworte gern Fragen zu unserem Produkt oder finde einen "
    "Termin.",
    "clarify": "Nur zur Sicherheit: Möchten Sie einen Termin buchen, oder haben Sie zuerst eine Frage?",
    "language_switched": "Gern, wir machen auf Deutsch weiter. Wie kann ich helfen?",
    "holding": "Einen Moment bitte. Ich sehe nach.",
    "are_you_bot_answer": "Ja, ich bin ein automatischer Assistent von {company}. Wenn Sie lieber mit einem Menschen "
    "sprechen möchten, sagen Sie es einfach.",
    "thanks_reply": "Gern geschehen. Ich bin da, wenn Sie noch etwas brauchen.",
    "slot_label": "{number}. {when}",
    "change_links": "Ihr Termin ist am {when} ({timezone}).\nVerschieben: {reschedule}\nAbsagen: {cancel}",
    "company_default": "unserem Team",
    "nudge_offer": "War eine der Zeiten passend? Wenn nicht, suche ich gern andere.",
    "nudge_times": "Passt Ihnen eine der Zeiten? Diese sind jetzt frei ({timezone}):",
    "nudge_question": "Ich bin weiter da, wenn Sie fortfahren möchten. Machen wir weiter?",
    "nudge_last": "Ich schreibe Ihnen dazu nicht noch einmal. Wenn Sie später sprechen möchten, senden Sie "
    "einfach eine Nachricht.",
    "return_note": "Sie hatten gebeten, dass ich mich um diese Zeit wieder melde. Wollen wir einen Termin suchen?",
    "reminder": "Zur Erinnerung an Ihren Termin: {name}, {when} ({timezone}).",
    "meeting_thanks": "Vielen Dank für das Gespräch. Wenn eine Frage offen ist, schreiben Sie einfach hier.",
    "no_show_recovery": "Wir haben uns beim Termin wohl verpasst. Möchten Sie einen anderen finden?",
}
