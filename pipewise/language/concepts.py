"""Words of several languages that ask for one thing, so that a question finds what was written in another language."""

from functools import cache

from pipewise.language.consent import word_set

CONCEPTS = {
    "price": "price pricing priced cost charge fee fees rate rates tariff much precio precios coste costo cuesta cuestan cuanto "
    "tarifa preço preços custa custam custo quanto prix tarif tarifs coûte coûtent combien preis preise kosten kostet "
    "wieviel prezzo prezzi costa costano कीमत दाम कितना kitna kimat daam سعر اسعار تكلفة كم بكم",
    "trial": "trial free gratis prueba gratuita teste gratuito grátis essai gratuit testphase kostenlos prova ट्रायल मुफ़्त تجربة "
    "مجانية",
    "contract": "contract cancel cancellation notice contrato cancelar permanencia contrat résilier vertrag kündigen kündigung "
    "contratto disdire अनुबंध عقد الغاء",
    "security": "security secure gdpr privacy seguridad segurança privacidad privacidade sécurité confidentialité dsgvo rgpd "
    "sicherheit datenschutz sicurezza सुरक्षा امان خصوصية",
    "data": "data datos dados données daten dati डेटा بيانات",
    "stored": "stored hosted hosting alojados guardan guardados armazenados hébergées stockées gespeichert ospitati "
    "conservati تخزن",
    "support": "support help soporte suporte ayuda assistance hilfe kundendienst supporto assistenza सहायता دعم",
    "languages": "language languages idioma idiomas língua línguas langue langues sprache sprachen lingua lingue भाषा भाषाएँ لغة لغات",
    "setup": "setup install installation onboarding instalación instalação einrichtung installazione configuración "
    "configuração mise कॉन्फ़िगरेशन تثبيت اعداد",
    "hours": "hours open opening horario horário horaires öffnungszeiten orari समय ساعات دوام",
    "month": "month monthly mes mensual mês mensal mois mensuel monat monatlich mese mensile महीना شهر شهريا",
    "seat": "seat seats user users usuario usuarios usuário usuários utilisateur utilisateurs nutzer benutzer utente utenti यूज़र مستخدم",
}


@cache
def concept_of() -> dict[str, str]:
    """Folded word to the name of what it asks for."""
    return {word: f"#{name}" for name, listed in CONCEPTS.items() for word in word_set(listed)}
