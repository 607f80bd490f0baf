"""How those write who want to sell, to be hired, to report or to cheat, rather than to buy."""

VENDOR = """
we|i offer|provide|specialize|specialise|deliver ... seo|marketing|web|website|app|software|design|outsourcing|
    backlink|backlinks|content|lead|recruiting|staffing|translation|cleaning|development services|service|agency
we|i offer|sell|provide ... backlinks|followers|leads|traffic|seo; guest post|posts|posting; sponsored post|article
our|my agency|company|team can|could|will ... increase|improve|boost|grow|redesign your
increase|improve|boost|grow your ... ranking|rankings|traffic|followers; rank ... first page; page # of google
partnership|collaboration proposal; we'd|would|i'd love|like to? introduce our|my services|company|product|agency
redesign your website; your website has|contains errors; propose our services; sell you our
ofrecemos servicios|service|soluciones de|en ... seo|marketing|diseño|desarrollo|limpieza|traducción
ofrecemos nuestros servicios; mejorar el posicionamiento de su|tu; post|artículo patrocinado
oferecemos serviços|soluções de|em ... seo|marketing|design|desenvolvimento|limpeza|tradução
oferecemos os? nossos serviços; artigo|post patrocinado
proposons nos services; nous proposons des services; article sponsorisé|invité; améliorer le référencement de votre
wir bieten ... dienstleistungen|seo|webdesign an; bieten ihnen unsere dienste|dienstleistungen|leistungen; gastbeitrag
offriamo servizi di ... seo|marketing|design|sviluppo; le proponiamo i nostri servizi; articolo sponsorizzato
हम ... सेवाएं|सेवाएँ ... प्रदान|देते; hum seo|marketing|website services|service dete|provide
نقدم لكم|خدمات ... خدمات|التسويق|سيو|تصميم; نحن شركة تسويق نقدم
"""

JOB = """
are|r you|u|guys ... hiring|recruiting; do you have ... job|jobs|vacancy|vacancies|internship|internships|openings
apply|applying|application for ... job|position|role|internship|vacancy; my|attached resume|cv|curriculum
looking|searching for a|an? ... job|internship|employment; job opening|openings|vacancy|vacancies|opportunity
send|sent|attach|attached ... my cv|resume; want|like to work for|at|with you|your company|team; careers page
estoy|busco buscando? trabajo|empleo; busco un? trabajo|empleo|prácticas; mi currículum|cv; tienen vacantes|vacante
están contratando; oferta|vacante de empleo|trabajo; trabajar con ustedes|vosotros
procuro|busco emprego|trabalho|estágio; meu currículo; estão contratando; têm|tem vagas|vaga; vaga de emprego|trabalho
trabalhar com vocês|convosco
cherche|recherche un emploi|stage|travail|alternance; mon cv; candidature spontanée|pour; recrutez vous; vous recrutez
suche ... arbeit|job|praktikum|stelle|ausbildungsplatz; bewerbung als|um|für; meine bewerbung|lebenslauf; bewerbe mich
stellen sie ein; offene stellen; freie stellen
cerco lavoro|impiego; cerco un lavoro|impiego|tirocinio; mio curriculum|cv; state assumendo; posizioni aperte; candidarmi
नौकरी चाहिए|मिलेगी|ढूंढ; नौकरी के लिए; naukri|job chahiye|milegi; मेरा रिज्यूमे|बायोडाटा|सीवी
أبحث عن عمل|وظيفة|تدريب; هل لديكم|عندكم وظائف|شواغر; سيرتي الذاتية; التقديم على|لوظيفة وظيفة; فرص عمل
"""

PRESS = """
i'm|i am|im a|an|the? ... journalist|reporter; journalist|reporter|editor|correspondent at|with|for|from
press|media inquiry|enquiry|request|kit|contact|office; writing|working on? a|an article|story|piece about|on
interview your|the ceo|founder|founders|team for; request for comment; comment for|on a|our|my story|article
soy periodista; consulta|contacto|departamento de prensa; escribo un artículo|reportaje; entrevistar a su|vuestro
sou jornalista; contato|contacto|assessoria de imprensa; escrevendo uma matéria|reportagem; entrevistar o|a seu|sua
suis journaliste; demande|contact|service presse; j'écris un article; interviewer votre
bin journalist|journalistin|redakteur|redakteurin; presseanfrage; pressekontakt; schreibe einen artikel ... über
sono un|una giornalista; richiesta|ufficio stampa; scrivo un articolo; intervistare il vostro
मैं ... पत्रकार|संवाददाता; main|mai ... patrakar|reporter; أنا صحفي|صحفية|مراسل; استفسار صحفي; مقابلة صحفية
"""

SPAM = """
you|u won|win ... prize|lottery|iphone|£|$|€|award|reward; claim your prize|reward|bonus|gift; guaranteed returns|profit
earn|make $|€|£ ... day|daily|hour|week|home; double your bitcoin|money|investment; crypto|forex signals|investment
casino bonus|online; cheap|buy viagra|followers|cialis; hot singles; send|transfer ... bitcoin|btc ... wallet|address
investment opportunity ... guaranteed|returns|crypto|forex; work from home ... earn|$|daily
has|ha ganado un premio|iphone; reclame|reclama su|tu premio; gana|gane dinero ... casa|fácil|rápido
você ganhou um prêmio|iphone; ganhe dinheiro ... casa|fácil|rápido; vous avez gagné ... prix|iphone|lot
gagnez de l'argent ... maison|facile|vite; sie haben gewonnen; geld verdienen von zuhause|zu; hai vinto un premio|iphone
guadagna soldi|denaro ... casa|subito; आपने जीता ... इनाम|लॉटरी; aapne jeeta|jita ... inaam|lottery; لقد ربحت|فزت جائزة
اربح المال|أموالا من
"""
# A sentence that is about our product all the same: what is sold may be what they need us for.
ABOUT_US = """
your product|software|tool|platform|pricing|price|prices|plan|plans|demo|trial; how much; does it; do you integrate
need|want|looking for ... crm|bot|software|tool|solution|automation|chatbot
"""
