"""How days and times are named in every language of ours, as patterns by meaning."""

# The distance in days from today.
DAYS = {
    0: "today|tonight; this morning|afternoon|evening; hoy; hoje; aujourd'hui; heute; oggi; stasera|stamattina; "
    "आज|aaj|aj; اليوم; الليلة; esta tarde|noche|mañana; cet après midi; "
    "ce soir|matin; questo pomeriggio; questa mattina|sera",
    1: "tomorrow|tmrw|tmr|tomorow|tomorrows|tmw; mañana; amanhã; demain; morgen; domani|domattina; कल|kal; "
    "غدا|غد|الغد|بكرة|بكرا",
    2: "day after tomorrow; overmorrow; pasado mañana; depois de amanhã; après demain; übermorgen; dopodomani; "
    "dopo domani; परसों|parso|parson; بعد غد|الغد|بكرة|غدا",
}
WEEKDAYS = {
    0: "monday|mondays|lunes|lundi|lundis|montag|montags|lunedì|सोमवार|somvar|somwar|somvaar|सोम|الاثنين|"
    "الإثنين|اثنين; segunda feira; segundas",
    1: "tuesday|tuesdays|tues|martes|mardi|mardis|dienstag|dienstags|martedì|मंगलवार|mangalvar|mangalwar|"
    "mangalvaar|الثلاثاء|ثلاثاء; terça feira?",
    2: "wednesday|wednesdays|weds|miércoles|mercredi|mercredis|mittwoch|mittwochs|mercoledì|बुधवार|budhvar|"
    "budhwar|budhvaar|الأربعاء|أربعاء|الاربعاء; quarta feira",
    3: "thursday|thursdays|thurs|thur|jueves|jeudi|jeudis|donnerstag|donnerstags|giovedì|गुरुवार|बृहस्पतिवार|"
    "वीरवार|guruvar|guruwar|guruvaar|brihaspativar|الخميس|خميس; quinta feira",
    4: "friday|fridays|viernes|vendredi|vendredis|freitag|freitags|venerdì|शुक्रवार|shukravar|shukrawar|shukrvar|"
    "शुक्र|الجمعة|جمعة; sexta feira",
    5: "saturday|saturdays|sábado|sábados|samedi|samedis|samstag|sonnabend|samstags|sabato|शनिवार|shanivar|"
    "shaniwar|السبت",
    6: "sunday|sundays|domingo|domingos|dimanche|dimanches|sonntag|sonntags|domenica|रविवार|इतवार|ravivar|"
    "raviwar|itvar|الأحد|الاحد",
}
# Short forms that are words of their own elsewhere ("mon", "die"): they count beside a number or another time only.
WEEKDAYS_SHORT = {
    0: "mon|lun|seg|mo|segunda|सोम", 1: "tue|mar|mart|ter|di|मंगल", 2: "wed|mié|mer|qua|mi|quarta|बुध", 3: "thu|jue|jeu|gio|qui|do|quinta|गुरु",
    4: "fri|vie|ven|sex|fr|sexta|शुक्र", 5: "sat|sáb|sam|sa|शनि", 6: "sun|dom|dim|so|रवि",
}  # fmt: skip
WEEKENDS = (
    "weekend|weekends|wochenende; शनिवार रविवार; week end; fin de semana; fim de semana; fine settimana; "
    "सप्ताहांत|वीकेंड|वीकएंड; نهاية الأسبوع|الاسبوع; عطلة نهاية?"
)
# Where "segunda", "quarta", "quinta" and "sexta" mean days: behind these words.
PORTUGUESE_DAY_LEADS = "na|ser|à|a|da|nesta|próxima|para|pra|até|esta|essa|ou|e|uma|não|às|as|nas|exceto|menos|dia"

MONTHS = {
    1: "january|jan|enero|ene|janeiro|janvier|janv|januar|jänner|gennaio|gen|जनवरी|जन|يناير",
    2: "february|feb|febrero|fevereiro|fev|février|févr|fév|februar|febbraio|फरवरी|फ़रवरी|फर|फ़र|فبراير",
    3: "march|mar|marzo|março|mars|märz|मार्च|مارس",
    4: "april|apr|abril|abr|avril|avr|aprile|अप्रैल|أبريل|ابريل",
    5: "may|mayo|maio|mai|maggio|mag|मई|مايو",
    6: "june|jun|junio|junho|juin|juni|giugno|giu|जून|يونيو",
    7: "july|jul|julio|julho|juillet|juil|juli|luglio|lug|जुलाई|जुल|يوليو",
    8: "august|aug|agosto|ago|août|aout|अगस्त|अग|أغسطس|اغسطس",
    9: "september|sep|sept|septiembre|setiembre|setembro|septembre|settembre|set|सितंबर|सित|سبتمبر",
    10: "october|oct|octubre|outubro|out|octobre|oktober|okt|ottobre|ott|अक्टूबर|अक्टू|أكتوبر|اكتوبر",
    11: "november|nov|noviembre|novembro|novembre|नवंबर|नव|نوفمبر",
    12: "december|dec|diciembre|dic|dezembro|dez|décembre|déc|dezember|dicembre|दिसंबर|दिस|ديسمبر",
}
# (unit, distance)
SPANS = {
    (
        "week",
        0,
    ): "this week; esta semana; cette semaine; diese|dieser woche; questa settimana; इस|इसी हफ्ते|सप्ताह|हफ़्ते; "
    "is hafte|week; هذا الأسبوع|الاسبوع; semana actual; la semaine en cours",
    (
        "week",
        1,
    ): "next|following|coming week; próxima|siguiente semana; semana próxima|siguiente|seguinte; "
    "semana que viene|entra|vem; semaine prochaine|suivante; nächste|nächster|kommende|kommender|folgende "
    "woche; "
    "prossima|ventura settimana; settimana prossima|ventura|entrante; अगले|अगला|अगली हफ्ते|सप्ताह|हफ़्ते|हफ्ता; "
    "agle|agla hafte|week|hafta; الأسبوع|الاسبوع القادم|المقبل|الجاي|التالي; next wk",
    ("week", 2): "week after next; übernächste|übernächster woche; semaine d'après; next to next week",
    (
        "month",
        0,
    ): "this month; este|esse mes|mês; ce mois; diesen|diesem monat; questo mese; इस महीने; is mahine; "
    "هذا الشهر; end of month; end of the month; fin de mes; fim do mês; fin du mois; monatsende; fine mese; "
    "نهاية الشهر",
    (
        "month",
        1,
    ): "next|coming month; próximo mes|mês; mes|mês próximo|siguiente; mes|mês que viene|vem|entra; "
    "mois prochain; nächsten|nächster|kommenden monat; prossimo mese; mese prossimo; अगले महीने; "
    "agle mahine|month; الشهر القادم|المقبل|الجاي",
    (
        "quarter",
        1,
    ): "next quarter; próximo trimestre; trimestre que viene|vem; trimestre prochain; prochain trimestre; "
    "nächstes|nächsten quartal; prossimo trimestre; trimestre prossimo; अगली तिमाही; الربع القادم|المقبل",
    (
        "year",
        1,
    ): "next year; próximo año|ano; año|ano que viene|vem; année prochaine; nächstes jahr; prossimo anno; "
    "anno prossimo; अगले साल; agle saal; السنة|العام القادمة|القادم|المقبلة|المقبل",
}
UNITS = {
    "day": "day|days|día|días|dia|dias|jour|jours|tag|tage|tagen|giorno|giorni|दिन|दिनों|din|يوم|أيام|ايام",
    "week": "week|weeks|wk|wks|semana|semanas|semaine|semaines|woche|wochen|settimana|settimane|हफ्ते|हफ्ता|हफ़्ते|सप्ताह|"
    "hafte|hafta|أسبوع|اسبوع|أسابيع|اسابيع",
    "month": "month|months|mes|meses|mês|mois|monat|monate|monaten|mese|mesi|महीने|महीना|mahine|mahina|شهر|أشهر|اشهر|"
    "شهور",
    "hour": "hour|hours|hr|hrs|stunde|stunden|घंटे|घंटा|ghante|ghanta|ساعة|ساعات|std",
    "minute": "minute|minutes|min|mins|minuto|minutos|minuten|minuti|minuto|मिनट|mint|minat|دقيقة|دقائق|sec|seconds",
}
# The same, said as a distance: a week that is meant as "in seven days or so".
AHEAD = {
    ("day", 2): "يومين",
    ("day", 7): "a? week from today; today week; heute in einer woche; in acht tagen; de hoy en ocho; de hoje a oito",
    ("day", 14): "two weeks from today; heute in zwei wochen; de hoy en quince; in vierzehn tagen",
    (
        "day",
        3,
    ): "in a few days; in ein paar tagen; en unos días; em alguns dias; dans quelques jours; "
    "tra qualche giorno; कुछ दिनों में",
    (
        "week",
        1,
    ): "in a week; in einer woche; dans une semaine; en una semana; em uma semana; tra una settimana; "
    "a week from now; بعد أسبوع; एक हफ्ते बाद; ek hafte baad",
    (
        "week",
        2,
    ): "أسبوعين|اسبوعين; fortnight; in a couple of weeks; quinze jours; in a few weeks; in ein paar wochen; "
    "en unas semanas; dans quelques semaines",
    (
        "month",
        1,
    ): "in a month; in einem monat; dans un mois; en un mes; em um mês; tra un mese; بعد شهر; एक महीने बाद; "
    "ek mahine baad",
    ("month", 2): "شهرين",
}

PARTS = {
    "early": "early morning; first thing; temprano; cedo; primera hora; première heure; tôt; frühmorgens; presto; "
    "primo mattino; सुबह जल्दी",
    "morning": "morning|mornings|matin|matinée|matins|vormittag|vormittags|morgens|früh|frühs|mattina|mattino|mattinata|"
    "manhã|manhãs|सुबह|सवेरे|subah|subha|صباحا|الصباح|صباح; por|en|de|a la mañana; mañanas; am morgen; "
    "domattina; stamattina; this morning; esta mañana; ce matin; الصبح",
    "lunch": "at lunch; lunchtime|lunchtimes; lunch time; over lunch; hora de comer; hora del? almuerzo; "
    "na hora do almoço; pausa pranzo; heure du déjeuner; mittagszeit|mittagspause; ora di pranzo; लंच; "
    "وقت الغداء",
    "after_lunch": "after lunch|lunchtime; después|despues de|del comer|almuerzo|almorzar; después de la? comida; "
    "depois do almoço; après|apres le? déjeuner|manger|repas; nach dem? mittag|mittagessen|essen|"
    "mittagspause; dopo pranzo; dopo il pranzo; "
    "लंच के बाद; lunch ke baad; بعد الغداء; post lunch",
    "before_lunch": "before lunch|noon|midday; antes de|del comer|almuerzo|almorzar|mediodía; antes do almoço|meio; "
    "avant le? déjeuner|midi; vor dem? mittag|mittagessen; prima di pranzo; prima del pranzo; लंच से पहले; "
    "قبل الظهر|الغداء",
    "afternoon": "afternoon|afternoons|tarde|tardes|nachmittag|nachmittags|pomeriggio|दोपहर|dopahar|dopahr|dopeher; "
    "après midi; bad dopahar; بعد الظهر; العصر|عصرا|الظهيرة; stamani",
    "late_afternoon": "late afternoon; end of the? day; eod; última hora; fin de la|l? tarde|après; final da tarde; "
    "fim da tarde|do; spätnachmittag|spätnachmittags; später nachmittag; tardo pomeriggio; fin d'après midi; "
    "fin de journée",
    "evening": "evening|evenings|tonight|soir|soirée|soirs|abend|abends|sera|serata|stasera|शाम|shaam|sham|sanj|مساء|"
    "المساء; after work; noite|noites|noche|noches; ce soir; बाद शाम",
    "night": "night|nights|nachts|nacht|nuit|notte|रात|raat|ليلا|الليل",
    "later": "más tarde; mais tarde; later; plus tard; später; più tardi; बाद में; baad mein; لاحقا; "
    "tarde|noche demasiado",
}
NOON = "noon|midday|mittags|midi|mezzogiorno|mediodía; meio dia; medio día; الظهر|ظهرا; high noon; 12 noon"
MIDNIGHT = "midnight|mitternacht|minuit|mezzanotte|medianoche|आधी रात; meia noite; منتصف الليل"

MARKS = {
    "at": "at|um|às|as|alle|ore|الساعة|الساعه; a las|la|les; pour|ore les? ; all; at about",
    "after": "after|past|nach|ab|après|apres|dopo|depois|después|despues|بعد|من; later than; from; starting; "
    "after about; depois das|da|de; después de las?|la?; despues de las?|la?; dopo le|l; "
    "à|a partir de|des|das|del|dalle; a partir de las?|la?; من الساعة; desde las?|la?|a?|as?; dès; "
    "not before; ab dem; a partire dalle|da; بعد الساعة; من بعد; no antes de las?; nicht vor; pas avant; not until",
    "before": "jusqu à; jusqu; before|by|until|till|vor|bis|avant|prima|entro|antes|até|hasta|قبل|حتى; "
    "no|not later than; antes de las?|la?|das?|da?|as?; antes das|da|do; hasta las?; até as?|às?; prima delle|dell|di; "
    "entro le|l; fino alle; jusque; قبل الساعة; spätestens; au plus tard",
    "around": "so gegen; around|about|approximately|approx|roughly|circa|ca|~|vers|gegen|etwa|ungefähr|sobre|hacia|"
    "verso|environ|autour|लगभग|करीब|karib|kareeb|lagbhag|حوالي|تقريبا|قرابة; sobre|hacia las|la; "
    "a eso de las?|la?; por volta das|da|de; lá pelas; cerca das|da|de las?; "
    "verso le|l; intorno alle; aux alentours de; autour de; حوالي الساعة; at around|about",
    "between": "between|entre|zwischen|tra|fra|بين; entre las?|la?; entre as?|às?; tra le|l; fra le; بين الساعة; "
    "from|von|dalle|dall|das|desde|de; de las?; von; من; من الساعة",
    "to": "to|bis|à|à|a|às|as|alle|al|au|till|until|through|से|se|إلى|الى|حتى; a las?; a la; hasta las?|la?; e as; "
    "y las; e le; and; bis",
    "and": "and|y|e|et|und|और|aur|و; y las?; e as?|às; e le",
    "or": "or|o|ou|oder|od|u|या|ya|أو|او; o a las?|la?; ou às?; ou à; oder um; o alle",
    "am": "am; a m; de la mañana; da manhã; du matin; in the morning; di mattina; del mattino; morgens|früh; "
    "सुबह|subah; صباحا|الصبح|ص; uhr morgens|früh|vormittags",
    "pm": "pm; p m; de la tarde|noche; da tarde|noite; du soir; de l'après midi; in the afternoon|evening; "
    "at night; del pomeriggio; di sera|pomeriggio; nachmittags|abends|mittags; "
    "शाम|दोपहर|रात|shaam|dopahar|raat; مساء|عصرا|ظهرا|الظهر|العصر|المساء|م|ليلا; "
    "uhr nachmittags|abends|mittags",
    "oclock": "oclock|uhr|h|hs|heure|heures|baje|bajay|बजे; o clock; en punto; horas",
    "in": "in|dans|en|em|tra|fra|within|binnen|innerhalb|for|für|por|pour|pendant|durante|per|خلال|بعد|after|nach|"
    "dentro; daqui a; dentro de; d'ici; of|para; of a; für etwa",
    "later": "from now|today; later; बाद|baad; después; depois; plus tard; später; dopo; ke baad; के बाद; में; mein",
    "post_after": "के|ke बाद|baad; onwards|onward|or later; or after; و ما بعد; em diante; en adelante; "
    "y después; in poi",
    "post_before": "से|se पहले|pehle|pahle; or earlier; at the latest; latest",
    "post_around": "so gegen; के|ke आसपास|aaspaas|करीब|lagbhag|karib; ish; or so; oder so; تقريبا; circa; más o menos; "
    "mais ou menos; environ; ungefähr",
    "not": "but not; not|no|can't|cannot|couldn't|won't|isn't|doesn't|don't|except|excluding|never|nicht|kein|"
    "keinen|außer|nie|pas|sauf|excepto|salvo|menos|não|nao|exceto|non|tranne|eccetto|नहीं|nahi|nahin|mat|ليس|"
    "لا|غير|ماعدا|عدا|إلا|لست; "
    "anything but; any day but|except; other than; apart from; instead of; rather than; en lugar de; "
    "en vez de; em vez de; statt|anstatt; au lieu de; invece di|del; à part; hors|hormis; "
    "busy|unavailable|away|impossible|impossível|imposible|impossibile|unmöglich|verhindert|occupé|occupé|"
    "ocupado|ocupada|booked; "
    "بدل; not on|the|in; के अलावा; ke alawa; छोड़कर; chhodkar; "
    "out|off on|this|next; i m out; out of office; ooo",
    "this": "this; este|esta|esse|essa|neste|nesta|nesse|nessa|ce|cet|cette|diesen|diesem|dieser|questo|questa|इस|इसी|is|isi|هذا|هذه",
    "next": "next|coming|following|próximo|próxima|prochain|prochaine|nächster|nächsten|nächste|nächstem|kommenden|"
    "kommender|prossimo|prossima|अगले|अगला|agle|agla|القادم|المقبل|القادمة; que viene|vem",
    "every": "every|any|jeden|jede|cada|cualquier|todos|todas|toda|qualquer|tous|chaque|ogni|हर|har|كل|أي; "
    "todos los|as|os; tous les; los|às|nas|aos",
    "half_past": "half past; साढ़े|साढे|saadhe|sadhe|sade",
    "quarter_past": "quarter past|after; viertel nach; सवा|sava|sawa",
    "quarter_to": "quarter to|of|before|til|till; viertel vor; dreiviertel; drei viertel; पौने|paune; "
    "quinze para as|a; cuarto|quince para las|la; un quarto alle",
    "half_to": "halb",
    "and_half": "y media; e meia; et demie|demi; e mezza|mezzo; والنصف|ونصف|ونص; thirty",
    "and_quarter": "y cuarto; e um? quarto; et quart; e un quarto; والربع|وربع; fifteen",
    "less_quarter": "menos cuarto; menos un? quarto; moins le? quart; meno un quarto; إلا الربع|ربع|ربعا; forty five",
}
ORDINAL_ENDS = "st|nd|rd|th|er|ere|eme|e|º|ª|°|तारीख|tarikh"
DATE_LEADS = "the|el|día|dia|le|il|am|dem|den|on|يوم|no|der|zum|vom|del|al|do"
