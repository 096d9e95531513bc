import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { printAST } from '@formatjs/icu-messageformat-parser/printer.js'
import { root } from '@/scripts/processes'

/** English that no person speaks: what stands on a page in plain letters does not come from the messages. */
export const pseudoLocale = 'en-XA'

const letters = new Map(
  ['aåå', 'eéé', 'iîî', 'oöö', 'uûû', 'cç', 'gĝ', 'nñ', 'sš', 'tţ', 'yý', 'AÅ', 'CÇ', 'EÉ', 'IÎ', 'OÖ', 'UÛ'].map(
    (pair) => [pair.slice(0, 1), pair.slice(1)],
  ),
)

/** A message a third longer, in letters with accents, between ⟦ and ⟧. Its values, choices and tags stay. */
function toPseudo(message: string): string {
  const lengthen = (text: string) => [...text].map((letter) => letters.get(letter) ?? letter).join('')
  const change = (elements: MessageFormatElement[]): MessageFormatElement[] =>
    elements.map((element) => {
      if (element.type === TYPE.literal) return { type: TYPE.literal, value: lengthen(element.value) }
      if (element.type === TYPE.tag) return { ...element, children: change(element.children) }
      if (element.type !== TYPE.select && element.type !== TYPE.plural) return element
      const options = Object.entries(element.options).map(([name, one]) => [name, { ...one, value: change(one.value) }])
      return { ...element, options: Object.fromEntries(options) }
    })
  return `⟦${printAST(change(parse(message)))}⟧`
}

function translate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return toPseudo(String(value))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, translate(inner)]))
}

/** The folder of a server that is the built one with `en-XA` beside its languages. Whoever asks for it removes it. */
export function makePseudoServer(): { folder: string; remove(): void } {
  const built = join(root, '.next', 'standalone')
  const folder = mkdtempSync(join(tmpdir(), 'concord-'))
  const own = ['messages', 'package.json', 'server.js']
  for (const name of readdirSync(built)) if (!own.includes(name)) symlinkSync(join(built, name), join(folder, name))
  for (const name of own) cpSync(join(built, name), join(folder, name), { recursive: true })
  const english: unknown = JSON.parse(readFileSync(join(root, 'messages', 'en.json'), 'utf8'))
  writeFileSync(join(folder, 'messages', `${pseudoLocale}.json`), JSON.stringify(translate(english)))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
