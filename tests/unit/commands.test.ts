import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

type Row = { commands: string[]; checkedBy: string }

const scripts = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts)
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]
const rows = readFileSync('docs/commands.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line): Row => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim())
    return { commands: namesIn(cells[0] ?? ''), checkedBy: cells.at(-1) ?? '' }
  })
const known = new Set(rows.flatMap(({ commands }) => commands))

/** `npm run keys -- status` is `npm run keys`, `DATABASE_URL=… docker compose up` is `docker`. */
function nameOf(command: string): string {
  const words = command.replace(/^\(*(\w+=\S* )*|\)$/g, '').split(/\s+/)
  const [program = '', second = '', third = ''] = words
  if (program === 'npm' && second === 'run') return `npm run ${third}`
  return ['npm', 'npx'].includes(program) || second === '-e' ? `${program} ${second}` : program
}

/** The commands of a document: the lines of its shell examples, and what begins in `code` with npm or npx. */
function commandsOf(document: string): string[] {
  const text = readFileSync(document, 'utf8')
  const blocks = [...text.matchAll(/^ *```(?:sh|bash|console)\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block
      .replace(/\\\n/g, ' ')
      .split(/\n|; | && /)
      .map((line) => line.trim())
      .filter((line) => line && !line.startsWith('#')),
  )
  return [...blocks, ...namedIn(text)]
}

const namedIn = (text: string) =>
  [...text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`((?:npm (?:ci|test|start|run \S)|npx \S)[^`]*)`/g)].flatMap(
    ([, code = '']) => code.split(' && ').map((one) => one.trim()),
  )

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => nameOf(code))
}

test('every command that a document shows, and every npm script, has a row in docs/commands.md', () => {
  // A test runs all of docs/oauth.md, in one shell.
  const shown = documents
    .filter((document) => document !== 'docs/oauth.md')
    .flatMap((document) => commandsOf(document).map((command) => ({ document, name: nameOf(command) })))
  expect(shown.length).toBeGreaterThan(60)
  expect(shown.filter(({ name }) => !known.has(name))).toEqual([])
  const ofPackage = scripts.map((name) => (['test', 'start'].includes(name) ? `npm ${name}` : `npm run ${name}`))
  expect(ofPackage.filter((name) => !known.has(name))).toEqual([])
})

test('every row says by which test, or on which day, its command was run', () => {
  const wrong = rows.filter(({ checkedBy }) => {
    const [, file] = checkedBy.match(/^`([^`]+)`$/) ?? []
    return file ? !existsSync(file) : !/^(by hand, (never|\d{4}-\d\d-\d\d)|not run here)$/.test(checkedBy)
  })
  expect(wrong).toEqual([])
})

test('every example in a document says which language it is in, so that commands are known as such', () => {
  const untold = documents.filter((document) =>
    readFileSync(document, 'utf8')
      .split(/^ *```/gm)
      .some((part, index) => index % 2 === 1 && part.startsWith('\n')),
  )
  expect(untold).toEqual([])
})

test('the commands of docs/keys.md make a sealing key and a session secret', () => {
  const made = commandsOf('docs/keys.md')
    .filter((command) => command.startsWith('node -e'))
    .map((command) => execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim())
  expect(made).toEqual([expect.stringMatching(/^k2:[\w+/]{43}=$/), expect.stringMatching(/^[\w-]{43}$/)])
})
