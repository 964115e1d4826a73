/** Of titles and headings; the longest are longer than anybody reads. */
const readLengthMax = 1_000
/** Somebody may write about such errors: what is long is a headline. */
const titleLengthMax = 90

/** Does this title or heading say, in so many words and nothing else but the name of the site, that the page does not exist? */
export function saysNotFound(text: string | null): boolean {
  if (text === null) return false
  const read = text.slice(0, readLengthMax)
  // The name of the site stands beside the title, behind a separator.
  return [read, ...read.split(/\s+[|–—·»•/:-]+\s+/)].some(
    (part) => denial.test(part) && !aboutErrors.test(part) && [part, ...part.split(/:\s+/)].some(isErrorTitle),
  )
}

function isErrorTitle(part: string): boolean {
  // Who cries so loud that the key slips writes "!!1".
  const text = part.trim().replace(/!1+$/, '!')
  return text.length <= titleLengthMax && (isErrorCode(text) || notFound.test(text))
}

/** Whatever is not there is denied with one of these; most titles deny nothing, and need no closer look. */
const denial =
  /404|410|can.?t|no[tn]?\b|notf|nothing|n[’']|longer|missing|unavail|unable|introuv|inexist|não|ni(?:e|et|cht|je)?\b|bulun|mevcut|tidak|không|n(?:em|u|av)\b|ne(?:b|e|n|r)|inte|ikke|ei\b|[^\0-\u024f\u1e00-\u20ff]/i

/** "How to fix a 404 not found error" is about the error. */
const aboutErrors =
  /\b(how to|what to|fix(ing|es)?|guide|tutorial|what (is|are|does)|why|best|examples?|handling|customi[sz]e|create|design|album)\b/i

/** Beside the number these make no other thing of it: a Peugeot 404 is a car. */
const codeWords = new Set(
  (
    'http https status code error errors page file site not found notfound gone oops whoops sorry lost that s an a the is this ' +
    'fehler seite erreur erro errore fout fel feil fejl virhe hata eroare chyba hiba błąd ошибка помилка грешка greška σφάλμα ' +
    '错误 錯誤 页面 頁面 エラー 오류'
  ).split(' '),
)

/** `404`, `HTTP 410 Gone`, `Erreur 404`. */
function isErrorCode(text: string): boolean {
  const words = text.toLowerCase().match(/\d+|\p{L}+/gu) ?? []
  return words.some(isCode) && words.every((word) => isCode(word) || codeWords.has(word))
}

const isCode = (word: string): boolean => word === '404' || word === '410'

const thing =
  '\\b(?:page|file|site|url|product|article|content|item|post|document|resource|object|listing|job|user|profile|recipe|category|event|domain|offer)s?\\b'
/** With it the sentence is over: "Not found guilty" goes on. */
const end = '\\s*[!.?…]*\\s*[([]?\\s*(?:error\\s*)?(?:404|410)?\\s*(?:error)?\\s*[)\\]]?[\\s!.?…]*$'

const english = [
  `(?:404|410)\\b.{0,40}\\bnot found${end}`,
  `${thing}.{0,45}\\b(?:not|cannot|can['’]?t|couldn['’]t|wasn['’]t|isn['’]t)(?: be| been)? found${end}`,
  `${thing}.{0,45}\\b(?:does not|doesn['’]t|no longer|not) exists?(?: any ?more)?${end}`,
  `${thing}.{0,30}\\b(?:no longer|not|isn['’]t)(?: currently)? available${end}`,
  `\\bpage (?:is )?(?:currently )?(?:missing|unavailable)\\b`,
  `\\b(?:can['’]?t|cannot|couldn['’]t|could not|unable to) (?:find|locate) (?:that|this|the|your|a) (?:\\w+ )?${thing}(?![^.!?]*[?])`,
  `^(?:(?:sorry|oops|whoops)[\\s,.!]+)*(?:nothing|not) ?found${end}`,
]

/** The thing that is missing, then that it is; the languages that the web is written in, by how much of it. */
const others = [
  '(?:seite|artikel|produkt|inhalt|datei|dokument|angebot).{0,25}(?:nicht (?:mehr )?(?:gefunden|vorhanden|verfügbar|auffindbar)|existiert nicht|gibt es nicht)',
  '(?:página|pagina|artículo|producto|contenido|recurso).{0,30}\\bno (?:(?:ha sido|fue|se|está) )*(?:encontrad[oa]|encuentra|existe|disponible)',
  '\\bno (?:se )?(?:ha |hemos |pudo )?(?:encontr[oó]|encontrado|encontrar|encuentra|encontramos) (?:la|el|esta|este) (?:página|artículo|producto)',
  '(?:page|article|produit|contenu|fichier|annonce|ressource).{0,25}(?:introuvable|inexistante?|(?:non|pas)(?: été)? trouvée?|\\bn.{1,2}(?:existe|est) (?:pas|plus))',
  '(?:ページ|お探しの).{0,20}(?:見つかりません|見つかりませんでした|存在しません)|お探しのページ',
  '(?:страниц|товар|стать|документ|файл|объявлени)\\p{L}*.{0,20}\\sне (?:\\p{L}+ )?(?:найден|существует|доступн)',
  '(?:página|conteúdo|artigo|produto).{0,25}\\bnão (?:(?:foi|pôde|ser|está) )*(?:encontrad[oa]|localizad[oa]|existe|disponível)|não encontramos (?:a|esta) página',
  '(?:pagina|articolo|prodotto|contenuto|risorsa).{0,25}(?:\\bnon (?:è (?:stat[oa] )?)?(?:trovat[oa]|esiste|disponibile)|inesistente)',
  '(?:pagina|artikel).{0,25}(?:niet (?:meer )?(?:gevonden|beschikbaar)|bestaat niet)',
  '\\bnie (?:znaleziono|odnaleziono)(?: \\p{L}+)? strony|\\bstrona.{0,20}nie (?:została (?:znaleziona|odnaleziona)|istnieje)|\\bstrony nie (?:znaleziono|odnaleziono)',
  'sayfa.{0,20}(?:bulunamadı|bulunamadi|mevcut değil)',
  'صفحه.{0,20}(?:یافت نشد|پیدا نشد|وجود ندارد)',
  '(?:页面|页|网页|網頁|頁面).{0,10}(?:不存在|未找到|找不到|无法找到|無法找到)|(?:找不到|未找到).{0,10}(?:页面|网页|網頁|頁面)',
  'không tìm thấy (?:trang|nội dung)|trang.{0,25}không tồn tại',
  '(?:halaman|laman).{0,20}tidak (?:ditemukan|dijumpai|tersedia|ada)',
  'stránk[ay].{0,20}(?:nenalezena|nenájdená|nebyla nalezena|nebola nájdená|neexistuje|sa nenašla)',
  '페이지를 찾을 수 없|존재하지 않는 페이지',
  '(?:сторінк|товар|статт)\\p{L}*.{0,20}\\sне (?:знайден|існує)',
  '(?:oldal|lap).{0,20}nem (?:található|létezik)',
  'الصفحة.{0,30}غير موجودة|لم يتم العثور على (?:ال)?صفحة',
  '\\bpagin[ăa].{0,25}\\bnu (?:a fost )?(?:găsită|gasita|există|exista)',
  '\\bsidan.{0,20}(?:hittades inte|finns inte|kunde inte hittas)',
  'σελίδα.{0,25}δεν (?:βρέθηκε|υπάρχει)',
  '\\bsiden (?:(?:blev|ble|kunne|som) )?(?:ikke (?:be )?(?:fundet|funnet|findes|finnes)|findes ikke|finnes ikke)|\\bfant ikke siden',
  '\\bsivua ei (?:löyt|löyd|ole)',
  '(?:הדף|העמוד).{0,20}לא (?:נמצא|קיים)',
  'страницата.{0,15}не (?:е|беше|бе) намерена|страницата не съществува',
  '\\b(?:stranica|strana) nije (?:pronađena|pronadjena|nađena)|страница није пронађена',
  '\\bstran(?:i)? ni (?:bilo )?(?:mogoče najti|najdena)',
  '\\b(?:lapa nav atrasta|puslapis nerastas|lehte ei leitud|lehekülge ei leitud)',
  'ไม่พบหน้า',
  '(?:पृष्ठ|पेज).{0,15}नहीं मिला',
]

/** No page that exists is called like this. */
const notFound = new RegExp([...english, ...others].join('|'), 'iu')
