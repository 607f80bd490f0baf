"""Words whose misspelling would hide what a lead wants."""

WORDS = """
schedule scheduling reschedule meeting meetings appointment appointments calendar calendly available availability
demonstration tomorrow monday tuesday wednesday thursday friday saturday sunday afternoon morning evening cancel
postpone pricing price prices discount subscription information details interested integration integrate support
package monthly budget company product service thanks thank please proposal received question whatsapp human person
representative representative manager reunión llamada agendar reservar disponibilidad disponible cancelar cambiar
mañana jueves miércoles viernes precio cuánto información gracias empresa producto servicio integración reprogramar
demostración agendar reunião chamada disponibilidade disponível amanhã quinta sexta remarcar cancelar preço quanto
informações obrigado obrigada rendez réunion démonstration disponible disponibilité demain jeudi vendredi annuler
décaler reporter combien tarif informations entreprise termin termine gespräch donnerstag mittwoch verschieben absagen
vereinbaren kostenlos informationen unternehmen angebot verfügbar appuntamento riunione disponibilità disponibile
prenotare spostare annullare giovedì venerdì prezzo informazioni azienda
"""
