"""What people write who curse, are angry or in tears: words strong enough that a person should answer, in every language of ours."""

UPSET = """
fuck|fucking|fucked|fuckers|wtf|bullshit|asshole|assholes|bastards|motherfucker; piece of shit|crap; screw you; go to hell; you suck
you are|you're ... useless|pathetic|scammers|thieves|idiots|liars|incompetent; what a joke|scam; fed up; sick of this|you
this is|it's ridiculous|unacceptable|outrageous|disgusting; this is absolutely|totally ridiculous|unacceptable; i'm|i am|am furious
i'm|i am|am so|very|really? angry; i'm|i am|am crying; in tears; just died; passed away; has|have died; kill myself; want to die
heartbroken|devastated; can't take it|this anymore|more
mierda|joder|gilipollas|cabrones|cabrón|hijueputa|pendejos; hijo|hijos de puta; que os|te|les jodan; estoy llorando
estoy muy? harto|harta|furioso|furiosa|indignado|indignada; es una vergüenza|estafa; es inaceptable|indignante; sois|son unos
estafadores|ladrones|inútiles|sinvergüenzas; acaba de morir|fallecer; ha muerto|fallecido; falleció
merda|caralho|porra|foda|fodam|vigaristas; filho|filhos da puta; estou a? chorar|chorando; estou farto|farta|furioso|furiosa
é uma vergonha|palhaçada; é inaceitável|inadmissível; morreu|faleceu; seus ladrões|idiotas
merde|putain|connard|connards|enculés|enculé|salauds; vous êtes ... nuls|voleurs|incompétents|minables|escrocs; je pleure
j'en ai marre|assez; ras le bol; c'est inadmissible|inacceptable|scandaleux|honteux|une honte; je suis furieux|furieuse|dégoûté|dégoûtée
père|mère|mari|femme|frère|soeur|fils|fille est mort|morte|décédé|décédée; vient de mourir
scheiße|scheisse|arschloch|arschlöcher|verarschen|betrüger|verbrecher|saftladen; leck mich; ich weine; bin am weinen
unverschämt|unverschämtheit|frechheit; die nase voll; ist gestorben|verstorben; bin wütend|stinksauer|stocksauer; ihr idioten|deppen
cazzo|vaffanculo|stronzi|stronzo|truffatori; sto piangendo; è una vergogna; è inaccettabile|inammissibile; sono stufo|stufa|furioso
furiosa|arrabbiatissimo; è morto|morta|mancato|mancata; siete ... ladri|incapaci|ridicoli
चुतिया|हरामी|धोखेबाज़|धोखेबाज|बकवास; रो रहा|रही हूँ|हूं; ro raha|rahi hoon|hun|hu; bahut gussa; बहुत गुस्सा; भाड़ में जाओ; chutiya|harami|bakwas|dhokebaaz
गुज़र|गुजर गए|गई; चल बसे|बसी
أبكي|نصابين|نصابون|لصوص|محتالين|محتالون|حقراء|اللعنة|تبا; غير مقبول; أنا غاضب|غاضبة; توفي|توفيت والدي|والدتي|أبي|أمي|زوجي|زوجتي; طفح الكيل
"""
DEAD_ENDS = "battery|phone|laptop|computer|line|project|link|deal|conversation|bateria|akku|handy|telefon"
"""What may have died without anybody in tears."""
