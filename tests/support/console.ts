import { afterEach } from 'vitest'

const written: unknown[][] = []
const original = console.error

console.error = (...parts) => {
  written.push(parts)
  original(...parts)
}

afterEach(() => {
  const [first] = written.splice(0)
  if (first) throw new Error(`console.error was called: ${first.map(String).join(' ')}`)
})
