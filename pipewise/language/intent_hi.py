"""Hindi phrases, in Devanagari and Latin letters, that speak for an intent, by weight. `^ ` pins to a clause's start."""

_MEET = "मीटिंग|मुलाकात|कॉल|डेमो|अपॉइंटमेंट|बैठक|meeting|call|demo|appointment|मिटिंग|zoom|milna|milte|slot|स्लॉट|वीडियो"
_DAY = (
    "सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार|कल|आज|परसों|kal|aaj|parso|somvar|mangalvar|budhvar|"
    "guruvar|shukravar|monday|tuesday|wednesday|thursday|friday|सुबह|शाम|subah|shaam"
)
_MOVE = "बदल*|शिफ्ट|टाल*|आगे|shift|reschedule|badal*|postpone|रीशेड्यूल|स्थगित|change|chenge|aage|खिसका*"

PHRASES = {
    "meeting_request": {
        5.0: f"{_MEET} ... बुक|शेड्यूल|तय|फिक्स|रख*|चाहिए|करनी|करना|चाहता|चाहती|सेट|book|schedule|fix|tay|rakh*|"
        f"chahiye|karna|karni|karwa*|kara*|set|dekhna; बुक|शेड्यूल|तय|book|schedule|fix ... {_MEET}; "
        f"मुझे ... {_MEET} ... चाहिए; mujhe ... {_MEET} ... chahiye; "
        f"{_DAY} ... {_MEET} ... सकती|सकते|sakti|sakte|sakta|करें|karein|kare",
        4.6: f"क्या ... बात|मिल ... कर|सकते ... सकते|हैं; {_DAY} ... बात ... कर|हो ... सकते|सकती|सकता; "
        f"{_DAY} ... baat ... kar|ho ... sakte|sakti|sakta; कब ... मिल|बात|फ्री|उपलब्ध|समय|खाली; "
        "kab ... mil|baat|free|available|time|khali; समय|टाइम|time|slot|स्लॉट ... है|hai|मिलेगा|milega|"
        "available|उपलब्ध; मुझे ... कॉल करें|करो|कीजिए|कर; mujhe ... call karo|kijiye|kar|karein|kariye; "
        "calendly ... भेज*|bhej*; # baje|बजे ... call|कॉल|meeting|मीटिंग|baat|बात",
        1.8: f"{_MEET}; # baje|बजे; उपलब्ध; available; free",
    },
    "meeting_change": {
        5.5: f"{_MEET} ... {_MOVE}|कैंसल|रद्द|कैंसिल|cancel|cansel|radd; {_MOVE} ... {_MEET}; "
        f"cancel|कैंसल|रद्द ... {_MEET}; रीशेड्यूल; reschedule; {_DAY} ... {_MEET} ... नहीं|nahi ... हो|ho|आ|aa|"
        f"कर|kar|paye*|pau*|पाए*|पाऊ*; {_MEET} ... nahi|नहीं ... ho|हो payega|पाएगी|पाएगा|payegi|सकती",
        4.6: f"{_MEET} ... को ... {_DAY} ... को? ... कर|रख ... सकते|दो|दीजिए|do|dijiye|लें; "
        "कुछ|kuch ... काम|kaam ... आ|aa; दूसरा|दूसरे|कोई|dusra|dusre|koi|alag और|aur? दिन|समय|टाइम|din|time|"
        f"samay; नहीं|nahi ... आ पाऊ*|aa pau*|आ|aa पाएंगे|paunga; time|टाइम|समय ... {_MOVE}; shift kar*; "
        "देर|late ... होगी|hoga|hogi|ho",
        2.0: "कैंसल|cancel|रद्द; शिफ्ट|shift; बदल*; badal*",
    },
    "lead_inquiry": {
        4.8: "कीमत|दाम|मूल्य|शुल्क|चार्ज|प्राइस|रेट|खर्च|लागत ... क्या|कितना|कितनी|कितने|है|?; "
        "कितना|कितनी|कितने ... पैसे|रुपये|खर्च|लगेगा|चार्ज|का|लगता|कीमत; "
        "kitna|kitne|kitni ... charge|price|cost|paisa|paise|lagega|hai|rupees|ka|rate; "
        "price|charge|rate|cost ... kya|kitna|batao|hai|bataiye; free|फ्री|मुफ्त|मुफ़्त ... trial|ट्रायल|डेमो; "
        "क्या|kya ... साथ|काम|support|सपोर्ट|integrate|saath|kaam ... करता|करती|karta|karti|hai|है; "
        "काम करता|kaam karta|karti; अधिक|और|ज़्यादा|ज्यादा|aur|zyada|jyada जानकारी|jankari|details|info|"
        "information; जानकारी ... चाहिए|दीजिए|दें; jankari|details ... chahiye|do|dijiye|bhejo; "
        "हमारी|हमारे|हमारा|मेरी|मेरा|मेरे|hamari|hamare|meri|mera|humari ... कंपनी|टीम|बिज़नेस|दुकान|क्लिनिक|"
        "company|team|business|dukaan|shop|clinic|agency|startup; हम|मैं ... कंपनी|एजेंसी|टीम|दुकान; "
        "# लोग|कर्मचारी|log|employees|users; कैसे काम; kaise kaam; "
        "kya|क्या ... features|फीचर|plan|प्लान|discount|छूट|सुविधा*; खरीदना; kharidna|khareedna|lena chahta",
        2.4: "कीमत; price; प्लान|plan; कंपनी; product|प्रोडक्ट; जानकारी; kitna; कैसे; kaise; whatsapp|व्हाट्सएप; "
        "trial; discount; feature*",
    },
    "follow_up": {
        4.8: "कोई|kya|koi|क्या ... अपडेट|update|नई|खबर|khabar|news; सोच*|soch* ... बता*|bata*|कर|के|kar|ke|लेते|"
        "lete; देख*|dekh* ... बता*|bata*|हैं|hain|कर|kar|lenge|लेंगे; अभी|abhi ... नहीं|nahi|nahin; "
        "बाद|baad ... में|mein|me|main; मिल|mil ... गया|gaya|गई|gayi; "
        "हाँ|हां|haan|ha|han ... ठीक|thik|theek|सही|sahi|जी|ji|bilkul|बिल्कुल; "
        "^ हाँ|हां|haan|ठीक|theek|thik|ok|धन्यवाद|शुक्रिया|dhanyavaad|shukriya|thanks|जी|नहीं|nahi|बिल्कुल|"
        "bilkul|सही|अच्छा|accha|acha|ji; ठीक है; theek|thik hai; "
        "अगले|agle ... महीने|हफ्ते|हफ़्ते|साल|mahine|hafte|month|saal|week; रुचि|interest ... नहीं|nahi; "
        "पूछ*|puch* ... बता*|bata*|कर|kar; बात|baat ... करके|karke ... बता*|bata*; शायद|shayad; चलेगा|chalega",
        2.4: "धन्यवाद; शुक्रिया; ठीक; thanks; बाद; baad; हाँ; haan; बताता|बताऊँगा|bataunga|batata; जरूर|zaroor",
    },
    "greeting": {
        4.8: "^ नमस्ते|नमस्कार|namaste|namaskar|namaskaar|हैलो|हेलो|हाय|प्रणाम|pranam|राम|salaam|सलाम|ram|jai|जय|"
        "helo|hello|hi|hey; सुप्रभात; शुभ प्रभात|रात्रि|संध्या|दिन; "
        "कैसे|kaise|कैसी|kaisi हो|हैं|ho|hain|hai|है|आप|aap; aap|आप kaise|कैसे; क्या हाल|चल; "
        "kya haal|chal|hal; kaisa hai; अलविदा|alvida|bye; फिर मिलेंगे|मिलते; phir milenge|milte; "
        "आपका|तुम्हारा|aapka|tumhara नाम|naam; कौन|kaun हो|हैं|ho|hain|hai; चुटकुला|joke ... सुना*|suna*; "
        "मैं|main ... उदास|bore|बोर; शुभकामनाएं|मुबारक",
        1.9: "नमस्ते; namaste; नमस्कार",
    },
    "out_of_scope": {
        5.0: "मौसम|mausam|बारिश|barish|तापमान; मैच|match ... किसने|kisne|kaun|कौन|जीता|jeeta|jita|score; "
        "किसने|kisne ... जीता|jeeta|jita|बनाया|लिखा|खोजा; नौकरी|naukri|job ... चाहिए|chahiye|hai|है; "
        "पैसे|paise|paisa|पैसा ... कमा*|kama*; कमाएं|कमाओ; यहाँ|यहां|yahan ... क्लिक|click; राजधानी|rajdhani; "
        "रेसिपी|recipe|विधि|खाना|khana|pizza; गाना|गाने|gana|gaana|song|music ... बजा*|baja*|चला*|chala*|"
        "सुना*|play; फिल्म|फ़िल्म|film|movie|मूवी; अलार्म|alarm; होटल|hotel|flight|उड़ान|ट्रेन|train|taxi; "
        "प्रधानमंत्री|राष्ट्रपति|pradhanmantri; क्रिकेट|cricket|ipl; लॉटरी|lottery; अनुवाद; कितने बजे हैं; "
        "time kya hua; homework|निबंध",
        1.6: "कौन ... है|था; kaun ... hai|tha; कहाँ है; kahan hai; क्यों; kyon|kyun",
    },
}
