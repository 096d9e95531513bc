import pg from 'pg'
import { connectAs, expect, people, test } from '@/tests/support/browser-test'
import { expectAccessible, expectTranslated } from '@/tests/support/page-check'
import { pseudoLocale } from '@/tests/support/pseudo'

/** Mails in every state that the page shows, to somebody of the roster and to an address of the team. */
async function addProblems(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    with anna as (
      insert into person (local_id, given_name, family_name, origin)
      values ('hr-4711', 'Anna-Maria', 'Schwarzenberger-Hohenstein', 'imported') returning id),
    asked as (
      insert into campaign (name, state, code, purpose, scopes, made_by_id)
      select 'Everybody in the Faculty of Science', 'open', 'faculty', 'Test', '{}', id from staff_member limit 1 returning id),
    round as (
      insert into mailing (campaign_id, template, state, recipients)
      select id, 'invitation', 'done', 1 from asked returning id)
    insert into mail (kind, state, reason, message_id, template, locale, person_id, mailing_id, tries, sending_at, send_after)
    select 'invitation', state::mail_state, reason, reason, 'invitation', 'en', anna.id, round.id, 2, now() - interval '2 hours',
      now() + interval '1 hour'
    from anna, round, (values ('refused', '5.1.1'), ('perhaps_sent', 'no_answer'), ('waiting', '4.2.2')) mails (state, reason)`)
  await client.query(`
    insert into mail (kind, state, reason, message_id, template, locale, address, tries, sending_at)
    values ('test', 'refused', '550', '<test>', 'invitation', 'en', 'a.very.long.address.of.somebody@library.example.org', 1, now())`)
  await client.end()
}

for (const width of [1280, 360]) {
  test(`at ${width} px, a manager sees what did not arrive and why, sends it again, and stops all mail`, {
    tag: width === 1280 ? '@release' : [],
  }, async ({ page, stack }) => {
    await page.setViewportSize({ width, height: 900 })
    await connectAs(page, stack, people.admin)
    await addProblems(stack.database.url)
    const url = `${stack.portal.url}/staff/campaigns/mail`
    await page.goto(url)
    await expectAccessible(page)
    await page.context().addCookies([{ name: 'concord.locale', value: pseudoLocale, url: stack.portal.url }])
    await page.goto(url)
    await expectTranslated(page)
    await page.context().addCookies([{ name: 'concord.locale', value: 'en', url: stack.portal.url }])
    await page.goto(url)
    const unknown = page.getByRole('row').filter({ hasText: 'The address does not exist.' })
    await expect(unknown).toContainText('Everybody in the Faculty of Science')
    await unknown.getByRole('button', { name: 'Send again' }).click()
    await expect(page.getByText('The mail will be sent again in a moment.')).toBeVisible()
    await expect(unknown).toContainText('Sent again')
    await page.getByRole('checkbox', { name: 'I want to stop all mail now.' }).check()
    await page.getByRole('button', { name: 'Stop all mail' }).click()
    await expect(page.getByRole('button', { name: 'Let mail go on' })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('checkbox', { name: 'I want mail to go out again.' }).check()
    await page.getByRole('button', { name: 'Let mail go on' }).click()
    await expect(page.getByRole('button', { name: 'Stop all mail' })).toBeVisible()
  })
}
