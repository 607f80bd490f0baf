"""Spanish phrases that speak for an intent, by weight. `^ ` pins a phrase to the start of a clause, ` $` to its end."""

_MEET = "reunión|reuniones|cita|citas|llamada|demo|demostración|videollamada|entrevista|turno|zoom|meet|sesión|call"
_DAY = "lunes|martes|miércoles|jueves|viernes|sábado|domingo|mañana|hoy|tarde|semana"
_MOVE = (
    "cambi*|muev*|mov*|reprogram*|pospon*|aplaz*|retras*|adelant*|reagend*|modific*|pasar|pasamos|correr|atras*|"
    "postergar|actualiz*"
)

PHRASES = {
    "meeting_request": {
        5.0: "agend*|program*|reserv*|concert*|fijar|fijemos|organiz*|coordin*|planific*|cre*|haz|hacer|añad*|"
        "agreg*|ponme|pon|apunt*|establec*|solicit*|pedir|marcar|necesito|quiero|quisiera|querría|gustaría|"
        f"podemos|podríamos|me ... {_MEET}; "
        f"{_MEET} con ... {_DAY}|a|las; quiero|quisiera|gustaría|necesito|podría ver|una|ver? demo|demostración",
        4.6: "tienen|tienes|tiene|hay|tendrían|habría|qué ... disponibilidad|hueco|huecos|horario|horarios|"
        "disponible|disponibles|libre|libres|cita|citas|turno; estás|está|están|estarías|estarían libre|"
        f"disponible|libres|disponibles ... {_DAY}|para|el|a|?; cuándo ... pueden|puede|podemos|podríamos|"
        "está|libre|disponible|reunirnos|hablar|llamar; "
        "podemos|podríamos|puedo|quiero|quisiera|gustaría|vamos ... reunirnos|reunirme|hablar|vernos|quedar|"
        f"conversar|llamar; me|nos llam* ... {_DAY}|a|las|favor; puede|pueden|podrían|podría llamarme|"
        "llamarnos; llámame|llámeme|llámenme; "
        "nos reunimos|vemos|llamamos; reservar|reserva|agendar|agenda|programar|programa ... para|con|el|a "
        "las; manda*|envía*|pása*|comparte* ... calendly|calendario|enlace|disponibilidad; "
        "reunirme|reunirnos|hablar con ... asesor|ventas|equipo|ustedes",
        1.8: f"{_MEET}; agend*; disponib*; horario|horarios; llamada; reunir*; {_DAY} a las #; a las #",
    },
    "meeting_change": {
        5.5: f"{_MOVE} ... {_MEET}|evento|hora|fecha|día|recital|almuerzo; "
        f"cancel*|anul*|elimin*|borr*|suprim*|quita|rechaz* ... {_MEET}|evento|calendario|{_DAY}; reprogram*; "
        "reagend*; posponer; aplazar",
        4.6: f"{_MOVE} ... para|al|a las ... {_DAY}|#; surgió|salió|surgido ... algo|imprevisto; imprevisto; "
        f"no puedo|podré|podremos|llego|llegaré|voy ... ir|asistir|llegar|poder|{_DAY}|reunión|cita; "
        "otro|otra|diferente día|fecha|hora|horario; mejor el|a las; en vez|lugar de; cancelar ... lo|la; "
        "no puedo|podré ir|asistir|llegar|conectarme; llego tarde",
        2.0: "cambiar|cambia|cambiarla|cambiarlo; cancelar|cancela|cancelarla; mover; más tarde|temprano",
    },
    "lead_inquiry": {
        4.8: "cuánto|cuanto ... cuesta|cuestan|vale|sale|cobran|sería|costaría|es|precio|tarda|tiempo; "
        "precio*|tarifa*|costo*|coste*|cotización|presupuesto|planes|descuento*; "
        "tienen|tienes|ofrecen|hay|tiene|incluye*|existe ... prueba|gratis|descuento*|plan|planes|versión|"
        "api|soporte|integración|app|factura*; prueba|versión|demo gratis|gratuita; "
        "se? integra*|funciona*|compatible*|conecta*|sirve* ... con|para|en; "
        "más|mas información|info|detalles; quiero|quisiera|gustaría|necesito|deseo saber|conocer|"
        "información|más|info|contratar|comprar|precio*; somos|tenemos|soy|trabajo ... empresa|inmobiliaria|"
        "personas|empleados|clientes|vendedores|tienda|agencia|clínica|equipo|negocio|leads|usuarios; "
        "cómo funciona*; qué incluye*|hace|ofrecen|diferencia*|es|servicios|planes; "
        "soportan|aceptan|admiten|cumplen|trabajan|ofrecen|venden|manejan|atienden; "
        "interesa*|interesad* ... en|producto|servicio|su|saber|plan",
        2.4: "precio; plan; empresa; producto; servicio; información; info; interesa; cuánto; puedo|pueden|puede; "
        "cómo; whatsapp; clientes; ayuda con",
    },
    "follow_up": {
        4.8: "alguna|hay|alguna? ... novedad|novedades|noticia|noticias; "
        "lo|la voy|vamos|vamos? a pensar|revisar|consultar|hablar|mirar|ver; "
        "lo|la pienso|pensaré|reviso|revisaré|miro|veo|consulto|consultaré|hablo|comento; "
        "te|le|les|os aviso|avisamos|confirmo|digo|respondo|escribo|cuento; "
        "ahora|por ahora|momento|todavía|aún no ... puedo|es|quizás|?; "
        "no ... ahora|por ahora|por el momento|interesa|interesado|gracias; "
        "quizás|quizá|tal vez|a lo mejor ... más|adelante|próximo|otro|después; más adelante; "
        "^ recibido|perfecto|gracias|sí|si|vale|ok|okay|claro|correcto|exacto|no|bueno|genial|entendido|"
        "confirmo|confirmado|rechazar; está bien; por supuesto; recibí|recibimos|me llegó ... propuesta|"
        "correo|pdf|presupuesto|la|el; muchas gracias; me parece bien|perfecto|buena|genial; está bien; "
        "de acuerdo; "
        "no gracias; ya tengo|tenemos|contratamos; tengo que|debo consultar*|hablar* ... con|socio|jefe|"
        "equipo|esposa|marido; escríb*|contact* ... próximo|próxima|semana|mes|enero|febrero|marzo|luego|más",
        2.4: "gracias; perfecto; vale; luego; después; no estoy segur*; sí; mes que viene; "
        "próximo mes|trimestre|año; seguimiento; así es; eso es; bien",
    },
    "greeting": {
        4.8: "^ buenas $; ^ hola|holaa|holis|saludos|buenas|buen|hey|ey|quiubo; ^ qué tal; "
        "^ buenos|buenas|buen días|tardes|noches|día|dia|dias; cómo|como estás|está|están|andas|va|vas; "
        "cómo te|le|les ha|va|han|fue; cómo has|ha; qué|que tal|hay|onda|pasa|haces|cuentas; adiós; "
        "hasta luego|pronto|mañana|la; chao|chau; nos vemos; un? placer|gusto; encantado|encantada; "
        "buenas noches; cuídate; "
        "cuéntame|dime|cuenta|sabes ... chiste|broma|historia; quién|quien eres|te|es tu|creó|hizo; "
        "cómo|como te llamas; cuál|cual es tu ... nombre|edad; cuántos años tienes; te quiero|amo|odio|echo; "
        "eres ... tonto|inteligente|lindo|guapo|guapa|tonta|feo|malo|genial|aburrido|gracios*|estúpido|"
        "simpátic*|un; dónde vives|naciste; tienes ... novia|novio|hambre|sentimientos|hermanos|sueño|amigos|"
        "familia; feliz cumpleaños|navidad|año; "
        "qué puedes hacer; buen fin de; estoy triste|aburrido|aburrida|feliz|sola|solo|cansado|enojado; "
        "me siento; nos? casa*|cásate; háblame",
        1.9: "^ hola; bueno* días; buenas tardes|noches; chiste; amigo",
    },
    "out_of_scope": {
        5.0: "qué|que tiempo|temperatura ... hace|hará|en|va; clima|pronóstico|lloverá|lluvia|nieve; "
        "quién|quien ganó|gano|ganará|inventó|escribió|fue|pintó|descubrió|era|es el|la; "
        "ganó ... partido|copa|liga; oferta|ofertas de empleo|trabajo; vacante|vacantes; "
        "currículum|curriculum; ofrecemos ... servicios|seo|marketing; "
        "gana|ganar|gane|ganas dinero|premio|iphone|plata; haz|hacer clic|click; clic aquí; capital de; "
        "receta*; seguidores|bitcoin|apuestas|lotería|casino|préstamo*; "
        "pon|reproduce|toca ... canción|música|lista; despertador|alarma; "
        "película*|cine; restaurante*|pizza|comida|mesa para; vuelo*|hotel*|taxi|avión; traduce|traducir; "
        "presidente; cuál es ... capital|río|montaña|planeta|país; qué hora es; tarea|ensayo|deberes; "
        "lavadora; mar|guerra|siglo|planeta|galaxia|órbita|continente|átomo|filósof*; fútbol",
        1.6: "quién|quien; cuál|cual es; dónde está; qué es|son|significa|fue; por qué; cuándo fue|nació|murió; "
        "siglo; historia; mi banco|cuenta|tarjeta|perro|mamá",
    },
}
