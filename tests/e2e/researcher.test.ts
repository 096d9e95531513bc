import { connectAs, expect, openSiteMenu, people, signInAtOrcid, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    test('a researcher connects, sees what they granted, and withdraws it', async ({ page, stack }) => {
      await connectAs(page, stack, people.ada)
      await expect(page).toHaveURL(/\/connect\/connected$/)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connected')
      await expect(page.getByRole('main').getByText(people.ada.name)).toBeVisible()
      await page.getByRole('main').getByRole('link', { name: 'See my connection' }).click()

      await expect(page.getByRole('link', { name: /View ORCID record/ }).first()).toHaveAttribute(
        'href',
        `https://orcid.org/${people.ada.orcid}`,
      )
      await expect(page.getByText('/read-limited').first()).toBeHidden()
      await page.getByRole('main').getByText('Technical details').first().click()
      for (const scope of ['/read-limited', '/activities/update', '/person/update', 'openid']) {
        await expect(page.getByRole('main').getByText(scope, { exact: true }).first()).toBeVisible()
      }
      await page.getByRole('button', { name: 'Stop all access' }).click()
      await expect(page).toHaveURL(/\/me\/withdraw\??$/)
      await page.getByRole('button', { name: 'Stop all access' }).click()
      await expect(page).toHaveURL(/\/me\/withdrawn$/)
      await page.goto(`${stack.portal.url}/me`)
      await expect(page.getByRole('main').getByText(/^Stopped on/)).toBeVisible()
      await expect(page.getByText('(unauthenticated)').first()).toBeVisible()
      await expect.poll(async () => (await stack.registry.state()).tokens.filter(({ live }) => live)).toEqual([])
      await page.goto(stack.portal.url)
      await expect(page.getByText('We use nothing.')).toBeVisible()

      // Signing in again allows the iD alone, and the page says so.
      await openSiteMenu(page)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.goto(`${stack.portal.url}/sign-in`)
      await expect(page.getByText('ORCID keeps that as a permission', { exact: false })).toBeVisible()
      await page.getByRole('button', { name: 'Sign in with ORCID' }).click()
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page.getByText('Only your sign-in is allowed: it proves your iD.', { exact: false })).toBeVisible()
      await expect(page.getByText('You allow nothing')).toHaveCount(0)
    })

    test('a researcher who says no finds a way back, and may give their iD alone', async ({ page, stack }) => {
      await page.goto(stack.portal.url)
      await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
      await signInAtOrcid(page, people.ada)
      await page.getByRole('button', { name: 'Deny access' }).click()
      await expect(page).toHaveURL(/\/connect\/denied/)
      await expect(page.getByText('We keep only that there was an attempt', { exact: false })).toBeVisible()
      await page.getByRole('main').getByRole('button').first().click()
      await expect(page.getByText('/read-limited')).toHaveCount(0)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/connect\/connected$/)
      await page.goto(`${stack.portal.url}/me`)
      await expect(page.getByRole('main').getByText('Identity only').first()).toBeVisible()
    })

    test('a researcher gives less, then connects again with everything', async ({ page, stack }) => {
      await page.goto(stack.portal.url)
      await page.getByRole('link', { name: 'Choose what to allow' }).click()
      await page.locator('input[type=checkbox][value="/person/update"]').uncheck()
      await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
      await signInAtOrcid(page, people.ada)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/connect\/connected$/)

      await page.goto(`${stack.portal.url}/me`)
      const box = page.getByRole('checkbox', { name: 'Add personal details' })
      await expect(box).not.toBeChecked()
      await box.check()
      await page.getByRole('button', { name: 'Continue with this choice' }).click()
      await expect(page.getByText('New: Add personal details. You allow the rest already.')).toBeVisible()
      if (javaScriptEnabled) await expectAccessible(page)
      await page.getByRole('button', { name: 'Continue at ORCID' }).click()
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/connect\/updated$/)
    })

    test('"Not me" undoes the attempt and lets somebody else sign in at ORCID', async ({ page, stack }) => {
      await connectAs(page, stack, people.ada)
      await page.getByRole('link', { name: 'Not me?' }).click()
      await expect(page.getByRole('main').getByText(people.ada.name)).toBeVisible()
      await page.getByRole('button', { name: 'Undo and sign in with another account' }).click()
      await signInAtOrcid(page, people.josiah)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/connect\/connected$/)
      await expect(page.getByRole('main').getByText(people.josiah.name)).toBeVisible()
    })

    test('"Not me" after more was permitted ends the earlier permission only when the box is ticked', async ({
      page,
      stack,
    }) => {
      const permit = async (without: string | null) => {
        await page.goto(`${stack.portal.url}/connect`)
        if (without) await page.locator(`input[type=checkbox][value="${without}"]`).uncheck()
        await page.getByRole('button', { name: /^(Create or Connect|Connect again)/ }).click()
      }
      await permit('/person/update')
      await signInAtOrcid(page, people.ada)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await permit(null)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/connect\/updated$/)
      await page.getByRole('link', { name: 'Not me?' }).click()
      if (javaScriptEnabled) await expectAccessible(page)
      await page.getByRole('button', { name: 'Stop all access' }).click()
      // The browser keeps the form back.
      await expect(page).toHaveURL(/\/connect\/not-me$/)
      await page.getByRole('checkbox', { name: 'I understand' }).check()
      await page.getByRole('button', { name: 'Stop all access' }).click()
      await signInAtOrcid(page, people.josiah)
      await expect(page.getByRole('button', { name: 'Authorize access' })).toBeVisible()
      await expect.poll(async () => (await stack.registry.state()).tokens.filter(({ live }) => live)).toEqual([])
    })
  })
}

test('the data download has everything but the tokens, and says that they are held', async ({ page, stack }) => {
  await connectAs(page, stack, people.ada)
  await page.goto(`${stack.portal.url}/me`)
  await page.getByText('Your data', { exact: true }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download my data' }).click(),
  ])
  const { default: fs } = await import('node:fs/promises')
  const data = JSON.parse(await fs.readFile(await download.path(), 'utf8'))
  expect(data.orcid).toBe(`https://orcid.org/${people.ada.orcid}`)
  expect(data.grants[0].held).toEqual({ access: true, refresh: true, answer: true })
  const [token] = (await stack.registry.state()).tokens
  expect(JSON.stringify(data)).not.toContain(token?.accessToken)
})

test('a signed-out browser is signed out, also with a copy of its cookie', async ({ page, stack, context }) => {
  await connectAs(page, stack, people.ada)
  const copied = await context.cookies()
  await openSiteMenu(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await context.addCookies(copied)
  await page.goto(`${stack.portal.url}/me`)
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fme$/)
})

test('the whole attempt can be made by keyboard alone', async ({ page, stack }) => {
  const press = async (name: RegExp) => {
    for (let tabs = 0; tabs < 60; tabs++) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
      if (name.test(focused)) return page.keyboard.press('Enter')
    }
    throw new Error(`No focus on ${name}`)
  }
  await page.goto(stack.portal.url)
  await press(/^Create or Connect your ORCID iD$/)
  await page.waitForURL(/\/oauth\/authorize/)
  await press(new RegExp(people.ada.name))
  await page.waitForSelector('button[name=decision]')
  await press(/^Authorize access$/)
  await page.waitForURL(/\/connect\/connected/)
  await press(/^See my connection$/)
  await page.waitForURL(/\/me$/)
  await press(/^Stop all access$/)
  await page.waitForURL(/\/me\/withdraw/)
  await press(/^Stop all access$/)
  await page.waitForURL(/\/me\/withdrawn/)
})
