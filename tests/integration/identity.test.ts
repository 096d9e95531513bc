import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { type Stack, startPortal, startStack } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

const drawing = (width: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 32"><rect width="${width}" height="32"/></svg>`
const folder = mkdtempSync(join(tmpdir(), 'concord-logo-'))
const files = { wide: join(folder, 'wide.svg'), square: join(folder, 'square.svg') }
writeFileSync(files.wide, drawing(160))
writeFileSync(files.square, drawing(32))

let stack: Stack
beforeAll(async () => {
  stack = await startStack({
    env: {
      INSTITUTION_LOGO: files.wide,
      INSTITUTION_LOGO_DARK: files.square,
      INSTITUTION_LANGUAGES: 'es en',
      INSTITUTION_COUNTRY: 'ES',
      INSTITUTION_TIME_ZONE: 'Europe/Madrid',
    },
  })
})
afterAll(() => stack.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  new Visitor().get(`${stack.portal.url}${path}`, headers)

describe('the logo', () => {
  test('is the file for light or for dark pages, and may be kept', async () => {
    const [light, dark] = [await get('/logo'), await get('/logo?theme=dark')]
    expect([light.body, dark.body]).toEqual([drawing(160), drawing(32)])
    for (const { headers } of [light, dark]) {
      expect(headers.get('content-type')).toBe('image/svg+xml')
      expect(headers.get('cache-control')).toBe('public, max-age=3600')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.* sandbox$/)
    }
  })

  test('gives way to the monogram in a tab, where a wide one could not be recognised', async () => {
    const { body } = await get('/')
    expect(body).toMatch(/<link rel="icon" href="\/logo\?for=tab&amp;v=[0-9a-f]{8}"/)
    expect((await get('/logo?for=tab')).body).toContain('>UE</text>')
  })

  test('is a monogram on the accent where there is none', async () => {
    const { database, registry } = stack
    const env = { INSTITUTION_NAME: '東京大学', INSTITUTION_ACCENT: '#7a1f3d' }
    const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env })
    for (const query of ['', '?for=tab', '?theme=dark']) {
      const { body } = await new Visitor().get(`${portal.url}/logo${query}`)
      expect(body).toContain('>東</text>')
      expect(body.includes('#7a1f3d')).toBe(query !== '?theme=dark')
    }
    // The font of the picture has no such letters.
    expect((await new Visitor().get(portal.url)).body).not.toContain('og:image')
    expect((await new Visitor().get(`${portal.url}/link-preview`)).status).toBe(404)
    await portal.stop()
  })
})

test('a link to us is shown with title, description, name and a picture', async () => {
  const { body } = await get('/', { 'accept-language': 'en' })
  const property = (name: string) => body.match(new RegExp(`<meta property="og:${name}" content="([^"]*)"`))?.[1]
  expect(property('title')).toBe('Connect your ORCID iD')
  expect(property('description')).toContain('Connect your ORCID iD with University of Example')
  expect(property('site_name')).toBe('University of Example')
  expect(property('image')).toBe(`${stack.portal.url}/link-preview`)
  const picture = await fetch(property('image') ?? '')
  const bytes = Buffer.from(await picture.arrayBuffer())
  expect(picture.headers.get('content-type')).toBe('image/png')
  expect([bytes.toString('latin1', 1, 4), bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual(['PNG', 1200, 630])
})

test('the languages are those that the institution offers, and the first is for everybody else', async () => {
  const languageOf = async (accepted: string) =>
    (await get('/', { 'accept-language': accepted })).body.match(/<html lang="([^"]*)"/)?.[1]
  expect(await Promise.all(['de', 'en-GB', 'es-MX', 'fr, en;q=0.5'].map(languageOf))).toEqual(['es', 'en', 'es', 'en'])
})

test('times are in the zone of the institution, written as in its country, in the language of the page', async () => {
  const { visitor } = await connect(stack, { orcid: '0000-0099-9458-0735' })
  const titleIn = async (language: string) => {
    const { body } = await visitor.get(`${stack.portal.url}/me`, { 'accept-language': language })
    expect(body).toContain(`<html lang="${language}"`)
    return body.match(/<time [^>]*title="([^"]*)"/)?.[1]
  }
  expect(await titleIn('en')).toMatch(/^\d+ \w+ \d{4} at \d\d:\d\d:\d\d CES?T$/)
  expect(await titleIn('es')).toMatch(
    /^\d+ de \w+ de \d{4}, \d\d:\d\d:\d\d CES?T$|^\d+ de \w+ de \d{4} a las \d+:\d\d:\d\d CES?T$/,
  )
})
