import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { faultOf, read } from '@/tests/support/configuration'

describe('the logo and the languages', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'concord-logo-'))
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  }
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10"/></svg>'
  const header = '<?xml version="1.0"?>\n<!-- drawn -->\n<!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY x "y">]>\n'
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    Buffer.from([0, 0, 0, 60, 0, 0, 0, 40]),
  ])

  test.each([
    ['SVG', drawing, 'image/svg+xml', 3],
    ['SVG with a header', `\ufeff${header}${drawing}`, 'image/svg+xml', 3],
    ['PNG', png, 'image/png', 1.5],
  ])('takes an %s, with its shape', (name, content, type, ratio) => {
    const { env } = read({ INSTITUTION_LOGO: write(name, content), INSTITUTION_LOGO_DARK: write('dark', drawing) })
    expect(env?.institution.logo).toMatchObject({ type, ratio })
    expect(env?.institution.logoDark).toMatchObject({ ratio: 3 })
  })

  test.each([
    ['that is none', 'not a drawing', 'is neither SVG nor PNG'],
    ['that is a page with a drawing in it', `<html>${drawing}</html>`, 'is neither SVG nor PNG'],
    ['without a viewBox', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'without a viewBox'],
    ['with an empty viewBox', '<svg viewBox="0 0 0 9"/>', 'without a viewBox'],
    ['that is a PNG cut off', png.subarray(0, 12), 'broken PNG'],
    ['above 200 kB', drawing + ' '.repeat(200_000), 'more than 200 kB'],
  ])('refuses a file %s, and says what to do', (_what, content, words) => {
    const [fault] = read({ INSTITUTION_LOGO: write('refused', content) }).faults
    expect(fault).toMatchObject({ variable: 'INSTITUTION_LOGO', fault: expect.stringContaining(words) })
    expect(fault?.mend).toContain('at most 200 kB')
  })

  test('refuses a file that cannot be read, and a logo for dark pages alone', () => {
    expect(faultOf('INSTITUTION_LOGO', { INSTITUTION_LOGO: '/nowhere.svg' })).toContain('cannot be read')
    const alone = { INSTITUTION_LOGO_DARK: write('alone', drawing) }
    expect(faultOf('INSTITUTION_LOGO_DARK', alone)).toContain('without INSTITUTION_LOGO')
  })

  test('offers every translation, or those that are named in their order', () => {
    expect(read().env?.institution.languages).toEqual(['en', 'es'])
    expect(read({ INSTITUTION_LANGUAGES: 'es, en es' }).env?.institution.languages).toEqual(['es', 'en'])
    expect(faultOf('INSTITUTION_LANGUAGES', { INSTITUTION_LANGUAGES: 'es ../en' })).toContain('not there: ../en')
  })
})
