import { ApiProblem, toPointer } from '@/lib/api/problem'

export const levelsMax = 32

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

type Level = { names: Set<string> | null; name: string; index: number }

/**
 * Checks what `JSON.parse` lets pass: a name that occurs twice, names with a meaning to JavaScript, and many levels.
 * Parsers differ in which of two values they take.
 *
 * @throws ApiProblem
 */
export function parseStrictJson(text: string): unknown {
  const levels: Level[] = []
  const pointer = () => toPointer(levels.map(({ names, name, index }) => (names ? name : index)))
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    const level = levels.at(-1)
    if (char === '"') {
      const end = endOfString(text, at)
      if (level?.names && isBeforeColon(text, end + 1)) {
        level.name = readName(text.slice(at, end + 1))
        if (forbidden.has(level.name)) throw new ApiProblem('forbidden_name', { errors: [named(pointer())] })
        if (level.names.has(level.name)) throw new ApiProblem('repeated_name', { errors: [named(pointer())] })
        level.names.add(level.name)
      }
      at = end
    } else if (char === '{' || char === '[') {
      levels.push({ names: char === '{' ? new Set() : null, name: '', index: 0 })
      if (levels.length > levelsMax) throw new ApiProblem('too_deep', { detail: `At most ${levelsMax} levels.` })
    } else if (char === '}' || char === ']') levels.pop()
    else if (char === ',' && level && !level.names) level.index++
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiProblem('invalid_json')
  }
}

const named = (pointer: string) => ({ pointer, detail: 'Leave this name out, or send it once.' })

function isBeforeColon(text: string, start: number): boolean {
  let at = start
  while (/\s/.test(text.charAt(at))) at++
  return text[at] === ':'
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  throw new ApiProblem('invalid_json')
}

function readName(quoted: string): string {
  try {
    return JSON.parse(quoted)
  } catch {
    throw new ApiProblem('invalid_json')
  }
}
