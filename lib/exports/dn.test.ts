import { describe, expect, test } from 'vitest'
import { parseDnTemplate } from '@/lib/exports/dn'

describe('where people stand in a directory', () => {
  test.each([
    'uid={local_id},ou=people,dc=example,dc=org',
    'cn={name}+employeeNumber={local_id},ou={department},o=Some University',
    '0.9.2342.19200300.100.1.1=x{local_id}y,o=Smith\\, Jones, dc=org',
    'uid={orcid},o=Universität',
  ])('may be %s', (text) => {
    expect(parseDnTemplate(text)).not.toBeNull()
  })

  test.each([
    '',
    'uid=ada,dc=org',
    '{local_id}',
    'uid={localid},dc=org',
    '{name}=x,dc=org',
    'uid={local_id},,dc=org',
    'uid={local_id},ou',
    'uid={local_id},o=a<b',
    'uid={local_id}},dc=org',
    'uid={local_id},dc=org\nchangetype: delete',
    'uid={local_id},dc=org\\',
    `uid={local_id},o=${'x'.repeat(500)}`,
  ])('may not be %j', (text) => {
    expect(parseDnTemplate(text)).toBeNull()
  })
})
