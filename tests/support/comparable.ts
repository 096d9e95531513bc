import type { RawAnswer } from '@/tests/support/raw-request'

/** The texts in what React sends for scripts, whose order and pieces depend on which query was answered first. */
function textsOf(scripts: readonly string[]): string {
  const pieces = scripts.map((script) => /^self\.__next_f\.push\((\[.*\])\)$/s.exec(script)?.[1])
  const sent = pieces.map((piece) => (piece ? JSON.parse(piece)[1] : '')).join('')
  const texts = sent.match(/"(?:[^"\\]|\\.)*"/g) ?? []
  return [...new Set(texts)]
    .filter((text) => !text.startsWith('"$') && !clockTime.test(text))
    .sort()
    .join('\n')
}

/** What came late put where it belongs, as the browser does: on a busy machine React sends more of a page that way. */
function inPlace(html: string): string {
  let whole = html.replace(/<script[^>]*>requestAnimationFrame\(function\(\)\{\$RT=.*?<\/script>/gs, '')
  const late =
    /<div hidden id="S:([\da-f]+)">(.*?)<\/div><script[^>]*>(?:(?!<\/script>).)*\$RC\("B:\1"(?:(?!<\/script>).)*<\/script>/s
  for (let found = late.exec(whole); found; found = late.exec(whole)) {
    const [piece, id, content = ''] = found
    const place = new RegExp(`<!--\\$\\?--><template id="B:${id}"></template>.*?<!--/\\$-->`, 's')
    whole = whole.replace(piece, '').replace(place, () => `<!--$-->${content}<!--/$-->`)
  }
  return whole
}

/** When something was counted: another minute in each world. */
const clockTime = /\d{1,2}:\d{2}|\d{4}-\d\d-\d\dT/

/** Without what is another in each answer: nonces, the order of what React sends, and the time of figures. */
export function comparable({ status, headers, body }: RawAnswer): string {
  const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1]
  const said = nonce ? body.replaceAll(nonce, 'nonce') : body
  const scripts: string[] = []
  const html = said.replace(/<script[^>]*>(self\.__next_f[^<]*)<\/script>/g, (_whole, script) => {
    scripts.push(script)
    return ''
  })
  const timeless = inPlace(html)
    // Between two texts, and at the end of one that came in pieces.
    .replaceAll('<!-- -->', '')
    .replace(/<time[^>]*>.*?<\/time>/g, '')
    .replaceAll(/,\d{4}-\d\d-\d\dT[\d:.]*Z\r?$/gm, '')
  return [status, headers.location, timeless, textsOf(scripts)].join('\n')
}

/** The first place where two answers differ, with what stands around it; null if they are the same. */
export function findDifference(one: string, other: string): string[] | null {
  if (one === other) return null
  const at = [...one].findIndex((sign, index) => sign !== other[index])
  const from = Math.max(0, (at < 0 ? one.length : at) - 80)
  return [one.slice(from, from + 200), other.slice(from, from + 200)]
}
