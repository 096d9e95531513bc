import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { listDoubts } from '@/lib/config/env'

describe('a configuration that may be a mistake', () => {
  const doubtsOf = (lines: string, environment: Record<string, string> = {}) => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'concord-env-')), '.env')
    writeFileSync(file, lines)
    return listDoubts({ ...environment, CONCORD_ENV_FILE: file }).map(({ variable, fault }) => `${variable} ${fault}`)
  }

  test.each([
    ['INSTITUTION_ACCENT=#ffff00', 'INSTITUTION_ACCENT is empty in .env, because its value begins with #'],
    ['METRICS_TOKEN=abc#def', 'METRICS_TOKEN is cut in .env at a #'],
    ['INSTITUTION_NAME=Example University # Spain', 'INSTITUTION_NAME is cut in .env at a #'],
    ['WORKER=none\nWORKER=inline', 'WORKER stands twice in .env'],
    ['ORCID_CLIENTID=APP-1', 'ORCID_CLIENTID is not a variable that is read'],
    ['INSTITUTION_TIMEZONE=Europe/Madrid', 'INSTITUTION_TIMEZONE is not a variable that is read'],
  ])('is noticed: %j', (lines, words) => {
    expect(doubtsOf(`${lines}\n`)).toEqual([expect.stringContaining(words)])
  })

  test('names the variable that was meant, also from the environment', () => {
    const [doubt] = listDoubts({ NEXTAUTH_SECRETS: 'x', CONCORD_ENV_FILE: '/nowhere' })
    expect(doubt).toMatchObject({ variable: 'NEXTAUTH_SECRETS', mend: 'did you mean NEXTAUTH_SECRET?' })
  })

  test('is not suspected where values are quoted, and in what others put into the environment', () => {
    const lines = `INSTITUTION_ACCENT="#ffff00"\nexport INSTITUTION_NAME='A # B'\nPRIVACY_URL="a\nWORKER=#\nb"\n# WORKER=#\n`
    const usual = {
      PATH: '/bin',
      HOME: '/',
      HTTP_PROXY: 'x',
      http_proxy: 'x',
      LOGNAME: 'x',
      HOSTNAME: 'x',
      PORT: '1',
      TZ: 'UTC',
    }
    expect(doubtsOf(lines, usual)).toEqual([])
  })

  test('is nowhere in .env.example', () => {
    expect(listDoubts({ CONCORD_ENV_FILE: '.env.example' })).toEqual([])
  })
})
