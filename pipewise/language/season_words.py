"""How people name the times of the year that they put things off to, in every language of ours, as patterns by meaning."""

SEASONS = {
    "ramadan": "ramadan|ramadhan|ramzan|ramadán|ramadão|ramadã|रमज़ान|रमजान|رمضان",
    "eid_fitr": "eid; eid al|ul fitr; aïd el fitr; zuckerfest; eid el fitr; ईद; عيد الفطر; العيد; aïd",
    "eid_adha": "eid al|ul adha; aïd el adha|kébir; bakrid; opferfest; fiesta del cordero; festa do sacrifício; "
    "festa del sacrificio; बकरीद; عيد الأضحى; bakra eid",
    "christmas": "christmas|xmas|navidad|navidades|natal|noël|weihnachten|natale|क्रिसमस|الكريسماس; عيد الميلاد",
    "new_year": "new year; new years; año nuevo; ano novo; nouvel an; neujahr|silvester; capodanno; anno nuovo; "
    "नए|नये|नव साल|वर्ष; naye saal; رأس السنة; السنة الجديدة",
    "winter_holidays": "the holidays; winter|christmas holidays|break; festive season; las fiestas; as festas; "
    "les fêtes; die feiertage|feiertagen; feiertage|feiertagen; le feste; vacaciones de navidad; férias de natal; "
    "vacances de noël; weihnachtsferien|winterferien; vacanze di natale",
    "easter": "easter|pascua|páscoa|pâques|ostern|pasqua|ईस्टर|الفصح; semana santa; عيد الفصح",
    "summer": "summer|verano|verão|été|sommer|estate|गर्मी|गर्मियों|garmiyon|الصيف; summer holidays|break|vacation; school|"
    "summer holidays; vacaciones de verano; vacaciones escolares; férias de verão; férias escolares; "
    "grandes vacances; vacances d'été; vacances scolaires; sommerferien|schulferien|sommerpause; "
    "vacanze estive|scolastiche; गर्मी की छुट्टियों; عطلة الصيف; العطلة الصيفية|المدرسية",
    "diwali": "diwali|deepavali|दिवाली|दीवाली|दीपावली|ديوالي",
}
AFTER = "after|following|nach|après|apres|dopo|después|despues|tras|depois|passado|بعد|once; past; when; over|is over"
BEHIND_AFTER = "के|ke बाद|baad; is|are over; est passé; vorbei"
WITHIN = "in|at|during|around|over|im|an|zu|um|während|en|au|pendant|durante|por|em|no|na|nos|nas|al|para|per|في|خلال"
BEHIND_WITHIN = "में|mein|को|ko"
BEFORE = "before|by|until|till|vor|bis|avant|prima|entro|antes|até|hasta|قبل|حتى"
BEHIND_BEFORE = "से|se पहले|pehle|pahle"
LATER = (
    "later; another|some other time; some time later; not now; not right now; más tarde|adelante; más adelante; "
    "en otro momento; ahora no; mais tarde; mais para a frente; noutra altura; outra hora; agora não; plus tard; "
    "une autre fois; pas maintenant; später|spaeter; ein andermal; nicht jetzt; gerade nicht; più tardi|avanti; "
    "un'altra volta; non ora|adesso; बाद में; baad mein|me|main; अभी नहीं; abhi nahi|nahin; لاحقا; فيما بعد; "
    "ليس الآن; في وقت آخر"
)
