"""Numbers as hours in every language of ours, and what may stand beside one."""

NUMBERS = {
    1: "one|una|uma|une|ein|eins|einer|un|एक|ek|الواحدة|واحد|واحدة",
    2: "two|dos|duas|dois|deux|zwei|due|दो|do|الثانية|اثنين",
    3: "three|tres|três|trois|drei|tre|तीन|teen|tin|الثالثة|ثلاثة|ثلاث",
    4: "four|cuatro|quatro|quatre|vier|quattro|चार|char|chaar|الرابعة|أربعة|أربع",
    5: "five|cinco|cinq|fünf|cinque|पांच|पाँच|paanch|panch|الخامسة|خمسة|خمس",
    6: "six|seis|sechs|sei|छह|छः|che|cheh|السادسة|ستة",
    7: "seven|siete|sete|sept|sieben|sette|सात|saat|sat|السابعة|سبعة",
    8: "eight|ocho|oito|huit|acht|otto|आठ|aath|الثامنة|ثمانية",
    9: "nine|nueve|nove|neuf|neun|nove|नौ|nau|التاسعة|تسعة",
    10: "ten|diez|dez|dix|zehn|dieci|दस|das|العاشرة|عشرة",
    11: "eleven|once|onze|elf|undici|ग्यारह|gyarah|الحادية",
    12: "twelve|doce|doze|douze|zwölf|dodici|बारह|barah; الثانية عشرة|عشر",
}
# Number words that are articles too: they are hours only behind "at" or with "o'clock".
ARTICLES = "one un una um uma une ein eine einer eins ek एक"
# What may follow a bare hour ("after 3 works"); another word makes it a count ("around 20 users").
AFTER_HOUR = """
on in at for with please pls plz is are was works work would will should could can if i we you the this that it my
your ok okay good great fine better best perfect and or but then so thanks thank instead too also only sharp today el
la los las por me va viene bien mejor si estaría está puede podría gracias y o pero de del en hoy mañana para na no
nas nos da do fica está seria pode melhor se obrigado obrigada e ou mas em hoje amanhã por favor serve dá le la ce ça
c est si merci et ou mais du s'il svp sur pour demain aujourd'hui serait convient va me ist wäre passt geht ginge
würde bitte mir uns am und oder aber wenn danke heute morgen klappt ok lieber hätte il lo va sarebbe se grazie e o ma
per domani oggi può bene meglio di को है हो से के पर तक कर मिल ठीक और या चलेगा ko hai ho se ke par tak kar mil theek
aur ya chalega mein pe في يوم من هل أو و مناسب إذا شكرا على بعد أفضل يناسبني ممتاز جيد
eu consigo posso podia poderia yo puedo podemos podría je peux pouvons conviendrait ich kann könnte können io posso wäre
"""
# Romanised Hindi numbers that are words of other languages: hours only where "baje" stands in the text.
BESIDE_BAJE = "das do sat tin teen che"
BAJE = "baje bajay"
# Hours that one word says with their minutes, by the clock: (hour, minute).
HOURS_AND_MINUTES = {(1, 30): "डेढ़ dedh derh", (2, 30): "ढाई dhai dhaai"}
# Behind "am" these make it German: "um fünf am Freitag" is no morning.
GERMAN_DAYS = (
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag wochenende vormittag nachmittag abend"
)
