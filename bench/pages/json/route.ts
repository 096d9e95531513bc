import { readFileSync } from 'node:fs'

let text = ''

/** What the same bytes cost without a query, a key or a limit. */
export function GET() {
  text ||= readFileSync(process.env.BENCH_JSON ?? '', 'utf8')
  return new Response(text, { headers: { 'Content-Type': 'application/json' } })
}
