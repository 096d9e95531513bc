import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const skipped = new Set(['node_modules', '.next', '.concord', '.git', 'generated'])

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listFiles(name)
    return [name]
  })
}

const files = listFiles('.')
const documents = files.filter((file) => file.endsWith('.md'))
const scripts = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts)

const spansOf = (text: string) =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '))

const isPath = /^(app|bench|docs|lib|messages|prisma|public|registry|scripts|tests)\/[\w@.[\]/*-]*$/
const isFileName = /^[\w@.[\]/-]+\.(ts|tsx|mjs|cjs|sql|prisma|css|md)$/
const plain = (text: string) => text.replaceAll(/\\?[’']/g, "'").replaceAll(/\s+/g, ' ')
/** Names that a document gives to files that may be, or that are somebody else's. */
const examples = /^(people|intro|de|pt-br|policy|refresh_tokens)\./

function isThere(name: string): boolean {
  const pattern = new RegExp(`(^|/)${name.replace(/[.[\]]/g, '\\$&').replaceAll('*', '[^/]*')}$`)
  return existsSync(name) || files.some((file) => pattern.test(file))
}

/** As GitHub makes anchors of headings. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

function leadsSomewhere(document: string, target: string): boolean {
  const [name = '', anchor] = target.split('#')
  const file = name ? path.join(path.dirname(document), name) : document
  if (!existsSync(file)) return false
  if (!anchor || !file.endsWith('.md')) return true
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
  return headings.includes(anchor)
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(document, 'utf8')

  test('names no file, folder or test that does not exist', () => {
    const names = spansOf(text).filter((span) => isPath.test(span) || isFileName.test(span))
    expect(names.filter((name) => !examples.test(name) && !isThere(name))).toEqual([])
  })

  test('quotes no title of a test that its file does not have', () => {
    const wrong = [...text.matchAll(/`([\w/.-]+\.test\.ts)`: ((?:“[^”]+”[, ]*)+)/g)].flatMap(
      ([, name = '', quotes = '']) => {
        const named = files.filter((file) => `/${file}`.endsWith(`/${name}`))
        const source = plain(named.map((file) => readFileSync(file, 'utf8')).join())
        const titles = [...quotes.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title)
        return titles.filter(
          (title) =>
            !plain(title)
              .split('…')
              .every((part) => source.includes(part.trim())),
        )
      },
    )
    expect(wrong).toEqual([])
  })

  test('names no npm command that does not exist', () => {
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(commands.filter((name) => !scripts.includes(name))).toEqual([])
  })

  test('links to no file and no heading that does not exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const own = links.filter((target) => !/^[a-z]+:/.test(target))
    expect(own.filter((target) => !leadsSomewhere(document, target))).toEqual([])
  })
})

test.each(['docs/for-librarians.md', 'docs/for-researchers.md'])(
  '%s puts nothing in bold that is not on a page',
  (document) => {
    const bold = [...readFileSync(document, 'utf8').matchAll(/\*\*([^*]+)\*\*/g)].map(([, word = '']) => word)
    const sentences = new Set(leavesOf(JSON.parse(readFileSync('messages/en.json', 'utf8'))))
    expect(bold.length).toBeGreaterThan(5)
    expect(bold.filter((word) => !sentences.has(word))).toEqual([])
  },
)

const leavesOf = (tree: unknown): unknown[] =>
  typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(leavesOf) : [tree]

describe('decisions', () => {
  const folder = 'docs/decisions'
  const pages = readdirSync(folder).filter((name) => name !== 'README.md')

  test('are numbered without gaps and listed in their index by number and title', () => {
    const numbers = pages.map((name) => Number(name.slice(0, 3))).sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1))
    const entries = pages.map((name) => {
      const [, number, title] = /^# (\d{3}) (.+)$/m.exec(readFileSync(path.join(folder, name), 'utf8')) ?? []
      return `- [${number}](${name}) ${title}`
    })
    const index = readFileSync(path.join(folder, 'README.md'), 'utf8').split('\n')
    expect(index.filter((line) => line.startsWith('- ')).sort()).toEqual(entries.sort())
  })

  test.each(pages)('%s has a date and a status, context, decision and consequences', (name) => {
    const text = readFileSync(path.join(folder, name), 'utf8')
    expect(text).toMatch(/^Date: \d{4}-\d\d-\d\d .*Status: accepted$/m)
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ])
  })
})
