export type Pasted =
  | {
      kind: 'code'
      code: string
      /** The host of the pasted URL, if it is not ours. */
      foreignHost: string | null
    }
  | { kind: 'problem'; problem: PastedProblem }

export type PastedProblem = 'placeholder' | 'no_code_in_it' | 'refusal' | 'not_a_code' | 'authorization_url'

/** Codes from tutorials, including ORCID's, which ORCID never issues. */
const examples = ['Q70Y3A', 'eDLkr6', 'WkPt5', 'aBc123', 'ABC123', 'abc123', '123456']

const codeCharsMax = 200

/** Accepts a code or a whole callback URL; recognises placeholders and the codes of tutorials. */
export function parsePasted(text: string, ownHost: string): Pasted {
  const trimmed = text.trim().replace(/^["'`]+|["'`]+$/g, '')
  const parsed = /^https?:\/\//i.test(trimmed) ? readAddress(trimmed, ownHost) : readWords(trimmed)
  if (parsed.kind === 'problem') return parsed
  if (parsed.code.length > codeCharsMax) return { kind: 'problem', problem: 'not_a_code' }
  if (isPlaceholder(parsed.code)) return { kind: 'problem', problem: 'placeholder' }
  if (!/^[\x21-\x7e]+$/.test(parsed.code)) return { kind: 'problem', problem: 'not_a_code' }
  return parsed
}

function readAddress(text: string, ownHost: string): Pasted {
  if (!URL.canParse(text)) return { kind: 'problem', problem: 'not_a_code' }
  const url = new URL(text)
  // ORCID returns some errors in the fragment.
  const parameters = [url.searchParams, new URLSearchParams(url.hash.slice(1))]
  const find = (name: string) => parameters.map((each) => each.get(name)).find(Boolean)
  const code = find('code')
  if (code) return { kind: 'code', code, foreignHost: url.host === ownHost ? null : url.host }
  if (find('error')) return { kind: 'problem', problem: 'refusal' }
  return { kind: 'problem', problem: url.searchParams.has('response_type') ? 'authorization_url' : 'no_code_in_it' }
}

/** Also accepts a query string: `code=Q70Y3A&state=…`. */
function readWords(text: string): Pasted {
  const code = /(?:^|[?&])code=([^&]*)/.exec(text)?.[1]
  return {
    kind: 'code',
    code: code === undefined ? text : decodeURIComponent(code.replace(/%(?![\da-f]{2})/gi, '%25')),
    foreignHost: null,
  }
}

function isPlaceholder(code: string): boolean {
  return (
    /^[[{<(].*[\]})>]$/.test(code) ||
    /^(your|my|the)?[\s_-]*(authori[sz]ation)?[\s_-]*code([\s_-]*(here|goes))*$/i.test(code) ||
    /^(x{3,}|\.{3,}|…+|•+)$/i.test(code) ||
    examples.some((example) => code === example || code === `*${example}`)
  )
}
