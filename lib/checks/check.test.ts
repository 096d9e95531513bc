import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { judgeAnswer, judgeControl, judgeUserinfo, nextCheckAt, nextTryAt } from '@/lib/checks/check'

const answers = {
  ok: { kind: 'ok' },
  invalid_token: { kind: 'invalid_token' },
  insufficient_scope: { kind: 'insufficient_scope' },
  wrong_record: { kind: 'wrong_record' },
  deprecated: { kind: 'deprecated', primaryOrcid: '0000-0002-1825-0097' },
  deactivated: { kind: 'deactivated' },
  locked: { kind: 'locked' },
  not_found: { kind: 'not_found' },
  conflict: { kind: 'conflict' },
  invalid: { kind: 'invalid' },
  rate_limited: { kind: 'rate_limited' },
  unavailable: { kind: 'unavailable' },
} as const
type Kind = keyof typeof answers

describe('what an answer of ORCID says about a grant', () => {
  test.each<[Kind, string | undefined]>([
    ['ok', 'good'],
    ['insufficient_scope', 'insufficient'],
    ['wrong_record', 'wrong_record'],
    ['locked', 'record_locked'],
    ['deprecated', 'record_deprecated'],
    ['deactivated', 'record_deactivated'],
    ['invalid_token', undefined],
    ['not_found', 'unanswered'],
    ['conflict', 'unanswered'],
    ['invalid', 'unanswered'],
    ['rate_limited', 'unanswered'],
    ['unavailable', 'unanswered'],
  ])('%s: %s', (kind, finding) => {
    expect(judgeAnswer(answers[kind])?.finding).toBe(finding)
  })

  test('a refusal is about the token only where ORCID takes another one at the same time', () => {
    for (const kind of ['ok', 'locked', 'not_found'] as const) expect(judgeControl(answers[kind]), kind).toBeNull()
    for (const kind of ['invalid_token', 'unavailable', 'rate_limited', 'invalid', 'conflict'] as const) {
      expect(judgeControl(answers[kind]), kind).toEqual({ finding: 'unanswered' })
    }
  })

  test('a refused token of a record that is closed or merged says so', () => {
    expect(judgeControl(answers.deactivated)).toEqual({ finding: 'record_deactivated' })
    expect(judgeControl(answers.deprecated)).toEqual({
      finding: 'record_deprecated',
      primaryOrcid: '0000-0002-1825-0097',
    })
  })

  test('userinfo clears a refusal by the same iD alone, its 403 says nothing, and anything else is a fault', () => {
    const orcid = '0000-0099-9458-0735'
    expect(judgeUserinfo({ kind: 'person', orcid }, orcid, answers.ok)).toEqual({ finding: 'good' })
    expect(judgeUserinfo({ kind: 'person', orcid: '0000-0002-1825-0097' }, orcid, answers.ok)).toEqual({
      finding: 'unanswered',
    })
    expect(judgeUserinfo({ kind: 'refused' }, orcid, answers.ok)).toBeNull()
    expect(judgeUserinfo(null, orcid, answers.ok)).toBeNull()
    expect(judgeUserinfo({ kind: 'unavailable', reason: 'timeout' }, orcid, answers.ok)).toEqual({
      finding: 'unanswered',
    })
    expect(judgeUserinfo({ kind: 'person', orcid }, orcid, answers.locked)).toEqual({ finding: 'record_locked' })
  })
})

const week = 7 * 86_400_000
const now = new Date('2026-07-12T10:00:00Z')

describe('the moment of the next check', () => {
  test('lies within the interval, and the one after it exactly one interval later', () => {
    for (let i = 0; i < 500; i++) {
      const id = randomUUID()
      const next = nextCheckAt(id, week, now)
      expect(next.getTime()).toBeGreaterThan(now.getTime())
      expect(next.getTime()).toBeLessThanOrEqual(now.getTime() + week)
      expect(nextCheckAt(id, week, next).getTime()).toBe(next.getTime() + week)
    }
  })

  test('spreads grants that were all checked in one moment over the whole interval', () => {
    const perDay = Array.from({ length: 7 }, () => 0)
    for (let i = 0; i < 7_000; i++) {
      const day = Math.floor((nextCheckAt(randomUUID(), week, now).getTime() - now.getTime() - 1) / 86_400_000)
      perDay[day] = (perDay[day] ?? 0) + 1
    }
    for (const count of perDay) expect(Math.abs(count - 1_000)).toBeLessThan(200)
  })

  test('comes within minutes where there was no answer, and after a long silence within the hour', () => {
    const waited = (forS: number) => nextTryAt(new Date(now.getTime() - forS * 1_000), now).getTime() - now.getTime()
    expect(waited(0)).toBeLessThanOrEqual(5 * 60_000)
    expect(waited(86_400)).toBeGreaterThanOrEqual(45 * 60_000)
    expect(waited(86_400)).toBeLessThanOrEqual(60 * 60_000)
  })
})
