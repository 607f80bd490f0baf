"""Words that say nothing of what a question is about, in each of our languages."""

from pipewise.language.consent import word_set

STOP_WORDS = word_set(
    """
    a an and are as at be by can could do does for from get has have how i if in is it its me my of on or our so that the
    there these this to us was we what when where which who why will with would you your please tell about any hi hello
    also just know want need like thanks thank am im i'm what's it's don't let give more some many
    el la los las un una unos unas y o de del en es son que qué cómo como cuanto cuántos cuándo dónde cuál por para
    con su sus mi me te se lo le al hay tienen tiene puedo puede favor hola quiero saber sobre más
    o os as um uma e ou do da dos das em no na é são quantos quando onde qual por para com seu sua meu minha se
    ao há têm tem posso pode olá oi quero sobre mais vocês você isso
    le les un une et ou du des en est sont que quoi comment quand où quel quelle quels pour par avec son sa ses
    mon ma je vous nous il elle on ce cette au aux y a avez bonjour puis-je peut plaît sur plus est-ce l d c qu s
    der die das den dem ein eine einen einer und oder von im in ist sind was wie wann wo welche welcher für mit
    ihr ihre mein meine ich sie wir es man zu zum zur gibt haben hat kann können bitte hallo über auf mehr viel
    il lo gli i una uno e o di del della dei delle è sono che cosa come quanti quando dove quale per con suo sua
    mio mia si al alla c'è avete ha posso può ciao salve vorrei sapere su più
    का के की को में से है हैं और या क्या कैसे कितने कितनी कब कहाँ कौन यह वह मैं हम आप मुझे पर भी तो कृपया नमस्ते
    في من على إلى عن ما ماذا كيف  متى أين هل هو هي هذا هذه أن لا مع أو و يا لكم لدي عندكم مرحبا
    """
)
