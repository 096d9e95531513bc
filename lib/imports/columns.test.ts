import { describe, expect, it } from 'vitest'
import { choicesOf, mapColumns, missingFields, peopleFields } from '@/lib/imports/columns'

describe('the columns of a file', () => {
  it('of ORCID’s Member Portal are found', () => {
    const header =
      'email,affiliation-section,department-name,role-title,start-date,end-date,org-name,org-country,org-city,org-region,disambiguated-organization-identifier,disambiguation-source,external-id,external-id-type,external-id-url,url,id'
    expect(mapColumns(header.split(','), 'affiliations')).toEqual([
      'email',
      'type',
      'department',
      'title',
      'start',
      'end',
      'org_name',
      null,
      null,
      null,
      'org_id',
      'org_source',
      'external_id',
      null,
      null,
      'url',
      'id',
    ])
  })

  it('of the NZ ORCID Hub are found, in any order and case', () => {
    const header = [
      'First Name',
      'Last Name',
      'EMAIL',
      'Organisation',
      'Campus|Department',
      'City',
      'State',
      'Course or Job title',
      'Start date',
      'End date',
      'Affiliation type',
      'Country',
      'Disambiguated ID',
      'Disambiguation Source',
      'Put-Code',
      'ORCID iD',
      'Local Identifier',
      'Delete Record',
      'Visibility',
      'URL',
    ]
    expect(mapColumns(header, 'affiliations')).toEqual([
      null,
      null,
      'email',
      'org_name',
      'department',
      null,
      null,
      'title',
      'start',
      'end',
      'type',
      null,
      'org_id',
      'org_source',
      'put_code',
      'orcid',
      'local_id',
      'delete',
      'visibility',
      'url',
    ])
    expect(mapColumns(header, 'people').slice(0, 3)).toEqual(['given_name', 'family_name', 'email'])
    expect(mapColumns(['Affiliation type'], 'people')).toEqual(['kind'])
  })

  it('of a feed to HR and of our own files are found', () => {
    const feed = [
      'University ID',
      'Net ID',
      'Full Name',
      'Identifier Type',
      'ORCID iD',
      'Date Effective',
      'Effective Until',
    ]
    expect(mapColumns(feed, 'people')).toEqual(['local_id', null, 'name', null, 'orcid', 'start', 'end'])
    expect(mapColumns(['orcid', 'orcid_uri', 'name', 'department', 'local_id'], 'people')).toEqual([
      'orcid',
      null,
      'name',
      'department',
      'local_id',
    ])
  })

  it('that number people are found in English, German and Spanish', () => {
    const names = [
      'Personnel no',
      'Staff No.',
      'Employee number',
      'Payroll No',
      'Matriculation number',
      'Personalnummer',
      'Personal-Nr.',
      'Mitarbeiternummer',
      'Matrikelnummer',
      'Número de empleado',
      'N.º de personal',
      'Nº empleado',
      'Matrícula',
      'Identificador local',
    ]
    for (const name of names) expect(mapColumns([name], 'people'), name).toEqual(['local_id'])
    expect(mapColumns(['Phone no', 'Número', 'Personal', 'Room number'], 'people')).toEqual([null, null, null, null])
  })

  it('of people are not offered what a roster does not say, unless the file has such a column', () => {
    expect(choicesOf('people', null)).toEqual(peopleFields)
    expect(choicesOf('people', 'delete')).toEqual([...peopleFields, 'delete'])
    expect(choicesOf('affiliations', null)).toContain('delete')
  })

  it('are missing where nothing says who is meant', () => {
    expect(missingFields(mapColumns(['name'], 'people'), 'people')).toEqual([['local_id', 'orcid', 'email']])
    expect(missingFields(mapColumns(['email'], 'people'), 'people')).toEqual([])
    expect(missingFields(mapColumns(['orcid', 'type'], 'affiliations'), 'affiliations')).toEqual([['title']])
    expect(missingFields(mapColumns(['id'], 'affiliations'), 'affiliations')).toEqual([])
  })
})
