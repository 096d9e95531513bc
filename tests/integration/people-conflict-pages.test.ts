import { describe, expect, test } from 'vitest'
import { conflictPagesPerFile } from '@/tests/support/conflict-pages'
import { connect } from '@/tests/support/journey'
import { words } from '@/tests/support/words'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const viewer = '0000-0099-4262-1291'
const given = conflictPagesPerFile()
const { fixture, at, read, post, addPerson, lastConflict, boundTo, openNamesConflict, openProposal } = given

describe('the page of a conflict', () => {
  test('shows both sides, says what was found and what each choice does, and carries one out', async () => {
    const id = await openNamesConflict()
    const body = await read(`/staff/conflicts/${id}`)
    const said = words(body)
    for (const part of [
      'Very different names',
      'Nothing is written to the record of either side until this is decided.',
      'Anna Müller',
      'Josiah Carberry',
      '0007',
      'anna@example.edu',
      'Physics',
      'The two names are very different.',
      'None on the record, none waiting',
      'They are the same person',
      'They are not the same',
    ]) {
      expect(said, part).toContain(part)
    }
    expect(body).toContain(`href="http`)
    const answer = await post('/staff/conflicts/decision', [
      ['conflict', id],
      ['resolution', 'bound'],
      ['reason', 'She uses her maiden name at ORCID'],
    ])
    expect(answer.location).toBe(`/staff/conflicts/${id}?result=decided`)
    expect(await boundTo(josiah)).toBe('0007')
    const after = words(await read(`/staff/conflicts/${id}?result=decided`))
    expect(after).toContain('The iD was bound')
    expect(after).toContain('She uses her maiden name at ORCID')
    expect(after).toContain('Grace Adminson')
    expect(after).toContain('Reopen')
    const again = await post('/staff/conflicts/reopening', [
      ['conflict', id],
      ['reason', 'I mixed them up'],
    ])
    expect(again.location).toBe(`/staff/conflicts/${id}?result=reopened`)
    expect(await boundTo(josiah)).toBeNull()
  })

  test('asks for a reason, but not to leave everything as it is', async () => {
    const id = await openNamesConflict()
    const answer = await post('/staff/conflicts/decision', [
      ['conflict', id],
      ['resolution', 'bound'],
      ['reason', '  '],
    ])
    expect(words(await read(answer.location ?? ''))).toContain('Nothing was changed. Please give a reason.')
    expect(await boundTo(josiah)).toBeNull()
    const kept = await post('/staff/conflicts/decision', [
      ['conflict', id],
      ['resolution', 'kept'],
    ])
    expect(kept.location).toContain('result=decided')
  })

  test('tells the second of two managers that somebody was faster', async () => {
    const id = await openNamesConflict()
    const decide = (resolution: string) =>
      post('/staff/conflicts/decision', [
        ['conflict', id],
        ['resolution', resolution],
        ['reason', 'Asked them'],
      ])
    const answers = await Promise.all([decide('bound'), decide('kept')])
    const results = answers.map(({ location }) => location?.split('result=')[1]).sort()
    expect(results).toEqual(['already-resolved', 'decided'])
    expect(words(await read(`/staff/conflicts/${id}?result=already-resolved`))).toContain('Somebody else was faster')
  })

  test('says how ORCID merges two iDs of one person', async () => {
    await addPerson('0007', 'Ada', 'Example', ada)
    await connect(fixture.stack, { orcid: ada })
    await fixture.rows(`update person set known_orcid = $1 where local_id = '0007'`, [josiah])
    await connect(fixture.stack, { orcid: josiah })
    const body = await read(`/staff/conflicts/${await lastConflict()}`)
    expect(words(body)).toContain('One person, two iDs')
    expect(body).toContain('https://support.orcid.org/hc/en-us/articles/360006896634')
  })

  test('asks whose an iD with our domain is, and knows whom a number means', async () => {
    await connect(fixture.stack, { orcid: josiah })
    await addPerson('0007', 'Josiah', 'Carberry')
    const [row] = await fixture.rows(
      `insert into conflict (kind, person_id, researcher_id, evidence)
       select 'proposal', id, researcher_id, '{domain}' from person where orcid = $1 returning id::text`,
      [josiah],
    )
    const decide = (localId: string) =>
      post('/staff/conflicts/decision', [
        ['conflict', row?.id],
        ['resolution', 'bound'],
        ['reason', 'Asked them'],
        ['local_id', localId],
      ])
    expect(words(await read(`/staff/conflicts/${row?.id}`))).toContain(
      'has a verified e-mail address at our institution',
    )
    expect((await decide('0008')).location).toContain('result=unknown')
    expect((await decide('0007')).location).toContain('result=decided')
    expect(await boundTo(josiah)).toBe('0007')
  })

  test('lets a viewer see everything and decide nothing', async () => {
    const id = await openNamesConflict()
    const visitor = (await connect(fixture.stack, { orcid: viewer, purpose: 'sign-in' })).visitor
    const body = await read(`/staff/conflicts/${id}`, visitor)
    expect(words(body)).toContain('A manager can decide this.')
    expect(body).not.toContain('/staff/conflicts/decision')
    const fields: [string, string][] = [
      ['conflict', id],
      ['resolution', 'kept'],
    ]
    expect((await post('/staff/conflicts/decision', fields, visitor)).status).toBe(404)
  })

  test('is nowhere for what is no conflict', async () => {
    for (const path of ['00000000-0000-4000-8000-000000000000', 'x', '%00']) {
      expect((await given.staff.get(at(`/staff/conflicts/${path}`))).status).toBe(404)
    }
  })
})

describe('the list of conflicts', () => {
  test('has conflicts before proposals, what is decided apart, and finds both sides', async () => {
    await connect(fixture.stack, { orcid: ada })
    await openNamesConflict()
    const proposal = await openProposal('0008')
    await fixture.rows(`update conflict set opened_at = now() - interval '1 year' where id = $1`, [proposal])
    const rows = (body: string) =>
      [...body.matchAll(/href="\/staff\/conflicts\/[0-9a-f-]+"[^>]*>([^<]+)</g)].map(([, kind]) => kind)
    expect(rows(await read('/staff/conflicts'))).toEqual(['Very different names', 'Proposal'])
    for (const [query, found] of [
      ['q=Müller', ['Very different names']],
      ['q=0008', ['Proposal']],
      [`q=${josiah}`, ['Very different names', 'Proposal']],
      ['q=anna@example.edu', ['Very different names']],
      ['kind=proposal', ['Proposal']],
      ['kind=conflict', ['Very different names']],
      ['evidence=names', ['Proposal']],
      ['evidence=file', []],
      ['show=decided', []],
      ['q=Nobody&kind=proposal', []],
    ] as const) {
      expect(rows(await read(`/staff/conflicts?${query}`)), query).toEqual(found)
    }
    await fixture.rows(`update conflict set resolved_at = now(), resolution = 'kept' where id = $1`, [proposal])
    expect(rows(await read('/staff/conflicts?show=decided'))).toEqual(['Proposal'])
    const overview = await read('/staff')
    expect(overview).toContain('href="/staff/conflicts?kind=conflict"')
    expect(words(overview)).toContain('1 iD conflict to resolve')
  })

  test('confirms all proposals that are ticked, each by itself', async () => {
    await connect(fixture.stack, { orcid: josiah })
    const first = await openProposal('0007')
    const second = await openProposal('0008')
    const body = await read('/staff/conflicts')
    expect(body.match(/type="checkbox"[^>]*name="conflict"|name="conflict"[^>]*type="checkbox"/g)).toHaveLength(2)
    const none = await post('/staff/conflicts/confirmation', [['reason', 'All from HR']])
    expect(words(await read(none.location ?? ''))).toContain('Tick the proposals to confirm first.')
    const answer = await post('/staff/conflicts/confirmation', [
      ['conflict', first],
      ['conflict', second],
      ['reason', 'All from HR'],
    ])
    expect(answer.location).toBe('/staff/conflicts?confirmed=1&refused=1')
    const said = words(await read(answer.location ?? ''))
    expect(said).toContain('One proposal is confirmed.')
    expect(said).toContain('One proposal was not confirmed')
    expect(['0007', '0008']).toContain(await boundTo(josiah))
    expect(await fixture.rows('select distinct resolved_by_id is null as along from conflict order by 1')).toHaveLength(
      2,
    )
  })

  test('does not confirm a conflict that is sent as a proposal', async () => {
    const id = await openNamesConflict()
    const answer = await post('/staff/conflicts/confirmation', [
      ['conflict', id],
      ['reason', 'All from HR'],
    ])
    expect(answer.location).toBe('/staff/conflicts?confirmed=0&refused=1')
    expect(await boundTo(josiah)).toBeNull()
  })

  test('shows each conflict once over its pages', async () => {
    await connect(fixture.stack, { orcid: josiah })
    await fixture.rows(
      `with people as (insert into person (local_id, given_name, origin)
         select 'u' || n, 'Person ' || n, 'imported' from generate_series(1, 120) n returning id)
       insert into conflict (kind, person_id, other_person_id, researcher_id)
       select case when random() < 0.5 then 'proposal' else 'names_differ' end::conflict_kind, people.id, own.id, own.researcher_id
       from people, person own where own.orcid = $1`,
      [josiah],
    )
    const seen: string[] = []
    let path: string | undefined = '/staff/conflicts'
    while (path && seen.length < 500) {
      const body = await read(path)
      seen.push(...[...body.matchAll(/href="\/staff\/conflicts\/([0-9a-f-]{36})"/g)].map(([, id]) => id ?? ''))
      path = /href="([^"]+)" rel="next"|rel="next"[^>]*href="([^"]+)"/
        .exec(body)
        ?.slice(1)
        .find(Boolean)
        ?.replaceAll('&amp;', '&')
    }
    expect(new Set(seen).size).toBe(120)
    expect(seen).toHaveLength(120)
  })
})

describe('the page of a person', () => {
  const pathOf = (orcid: string) => `/staff/researchers/${orcid}`
  const personId = async (orcid: string) =>
    (await fixture.rows('select id::text from person where orcid = $1', [orcid]))[0]?.id as string

  test('leads to the open conflict', async () => {
    const id = await openNamesConflict()
    expect(await read(pathOf(josiah))).toContain(`href="/staff/conflicts/${id}"`)
  })

  test('opens the question whether two entries are one person, by the number of the other', async () => {
    await addPerson('0007', 'Josiah', 'Carberry', josiah)
    await addPerson('0008', 'Josiah', 'Carberry')
    await connect(fixture.stack, { orcid: josiah })
    const ask = async (localId: string) =>
      (
        await post('/staff/conflicts/opening', [
          ['person', await personId(josiah)],
          ['local_id', localId],
        ])
      ).location ?? ''
    expect(words(await read(await ask('0009')))).toContain('Nobody has this number.')
    expect(words(await read(await ask('0007')))).toContain('That is the number of this person.')
    const opened = await ask('0008')
    expect(opened).toBe(`/staff/conflicts/${await lastConflict()}?result=opened`)
    expect(words(await read(opened))).toContain('Two people who may be one')
    expect(await ask('0008')).toBe(opened)
  })

  test('takes the iD away for a reason', async () => {
    await addPerson('0007', 'Josiah', 'Carberry', josiah)
    await connect(fixture.stack, { orcid: josiah })
    const split = async (reason: string) =>
      (
        await post('/staff/conflicts/split', [
          ['person', await personId(josiah)],
          ['reason', reason],
        ])
      ).location ?? ''
    expect(words(await read(await split('')))).toContain('Please give a reason.')
    expect(await boundTo(josiah)).toBe('0007')
    expect(words(await read(await split('Somebody else’s')))).toContain('The iD is kept apart now.')
    expect(await boundTo(josiah)).toBeNull()
    expect(await fixture.rows('select reason from binding where reason is not null')).toEqual([
      { reason: 'Somebody else’s' },
    ])
    expect(await read(`${pathOf(josiah)}?tab=institution`)).not.toContain('/staff/conflicts/split')
  })
})
