import { beforeEach, expect, test } from 'vitest'
import { toWorkItem } from '@/lib/affiliations/work-item'
import { db } from '@/lib/db'
import { workInside } from '@/tests/support/inside'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })
workInside(fixture)
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
const words = (body: string) =>
  body
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
let staff: Visitor
let id: string

beforeEach(async () => {
  await connect(fixture.stack, { orcid: ada })
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  const person = await db().person.findUniqueOrThrow({ where: { orcid: ada } })
  const { work, ...item } = toWorkItem({
    type: 'journal-article',
    title: 'On bees',
    subtitle: 'A study',
    journalTitle: 'Apidology',
    externalId: { type: 'doi', value: '10.1000/bees', url: null },
    publishedOn: '2024-05',
    url: null,
    contributors: [{ name: 'Ada Lovelace', role: 'author', orcid: ada }],
  })
  const whose = { personId: person.id, researcherId: person.researcherId, origin: 'imported', asks: true } as const
  const data = { ...whose, ...item, work: Object(work), state: 'waiting_for_answer' } as const
  ;({ id } = await db().affiliation.create({ data }))
  const service = { ...whose, kind: 'service', externalId: 's-1', title: 'Referee', asks: false } as const
  await db().affiliation.create({ data: { ...service, state: 'no_permission' } })
})

const see = async (path: string) => words((await staff.get(at(path))).body)

test('the list of entries finds works by their type, and has files of them', async () => {
  const { body } = await staff.get(at('/staff/affiliations?kind=work'))
  expect(words(body)).toContain('One entry')
  expect(body).toContain(`/staff/affiliations/${id}`)
  expect(body).not.toContain('Referee')
  expect(body).toContain('/staff/affiliations/export?kind=work&amp;format=csv')
  const file = await staff.get(at('/staff/affiliations/export?kind=work&format=csv'))
  expect(file.headers.get('content-disposition')).toContain('filename="works-')
  expect(file.body).toContain('"Ada Lovelace (author)')
  expect(await see('/staff/exports')).toContain('Works, CSV')
})

test('a work is shown with all that it has; staff delete it, and change it by no form', async () => {
  const page = await see(`/staff/affiliations/${id}`)
  for (const part of [
    'Journal article',
    'A study',
    'Apidology',
    'doi: 10.1000/bees',
    'May 2024',
    'Ada Lovelace · author',
  ])
    expect(page).toContain(part)
  expect(page).not.toContain('Set an end date')
  expect((await staff.get(at(`/staff/affiliations/${id}/edit`))).status).toBe(404)
  const sent = await staff.post(at('/staff/affiliations/entry'), [
    ['affiliation', id],
    ['title', 'On wasps'],
  ])
  expect(sent.location).toMatch(/note=gone$/)
  expect(await see(`/staff/affiliations/${id}/delete`)).toContain('Delete this work?')
})

test('the preview of a file shows each part of a work, and what would change about one', async () => {
  const form = new FormData()
  form.set('kind', 'works')
  const row = `${ada},10.1000/bees,journal-article,On bees,A study,Apidology,2024-05,Ada Lovelace (author) [${ada}]; Grace`
  const lines = [
    'orcid,doi,type,title,subtitle,journal,date,contributors',
    row,
    `${ada},10.1000/new,book,Wasps,,,2023,Grace`,
  ]
  form.set('file', new Blob([lines.join('\n')]), 'works.csv')
  const { location } = await staff.post(at('/staff/import/upload'), form)
  const [, importId = ''] = /import\/([\da-f-]{36})$/.exec(location ?? '') ?? []
  const seeNew = () => see(`/staff/import/${importId}?show=added`)
  await until('the file is read', async () => (await seeNew()).includes('One work would be added, one changed.'))
  const added = await seeNew()
  for (const part of ['Type : Book', 'Title : Wasps', 'Contributors : Grace', 'Date : 2023'])
    expect(added).toContain(part)
  expect(await see(`/staff/import/${importId}?show=changed`)).toContain(
    `Contributors : Ada Lovelace (author) [${ada}] → Ada Lovelace (author) [${ada}]; Grace`,
  )
})
