/** ISO 639-1, and `iw`, which search engines still take for Hebrew. */
const languages = new Set(
  (
    'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff ' +
    'fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw ja jv ka kg ki kj kk kl km kn ko kr ' +
    'ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ' +
    'ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur ' +
    'uz ve vi vo wa wo xh yi yo za zh zu'
  ).split(' '),
)

/** ISO 3166-1 alpha-2. Neither `uk` (it is `gb`) nor `eu`, which are common mistakes. */
const regions = new Set(
  (
    'ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz ca cc cd cf cg ch ' +
    'ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn ' +
    'gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li ' +
    'lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om ' +
    'pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td ' +
    'tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw'
  ).split(' '),
)

/** Larger than countries; of these numbers (UN M.49) `es-419` is what the wild web knows. */
const areas = new Set(['001', '003', '005', '013', '019', '021', '029', '142', '150', '151', '154', '155', '419'])

const scriptNames = new Intl.DisplayNames('en', { type: 'script', fallback: 'none' })
const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** `de`, `en-GB`, `zh-Hant`, `zh-Hant-TW`, `x-default`: language, then maybe a script, then maybe a country. In any case. */
export function isHreflangCode(code: string): boolean {
  const [language = '', ...rest] = code.trim().toLowerCase().split('-')
  if (code.trim().toLowerCase() === 'x-default') return true
  if (!isLanguage(language)) return false
  const [script] = rest
  if (script?.length === 4 && /^[a-z]+$/.test(script)) {
    if (scriptNames.of(`${script.charAt(0).toUpperCase()}${script.slice(1)}`) === undefined) return false
    rest.shift()
  }
  const [region, ...more] = rest
  return more.length === 0 && (region === undefined || regions.has(region) || areas.has(region))
}

/** They say that it is several, none or any language. */
const noLanguages = new Set(['mis', 'mul', 'und', 'zxx'])

/** Three letters are a language where there is no code of two: `fil` is one, `eng` is not. */
function isLanguage(language: string): boolean {
  if (languages.has(language)) return true
  if (!/^[a-z]{3}$/.test(language) || noLanguages.has(language)) return false
  const [canonical] = Intl.getCanonicalLocales(language)
  return canonical === language && languageNames.of(language) !== undefined
}
