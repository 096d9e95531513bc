import { join } from 'node:path'
import { runLocally } from '@/scripts/local'
import { knownPeople } from '@/scripts/local-registry'
import { startBuiltPortal } from '@/scripts/portal'
import { bareEnv, root, startProcess } from '@/scripts/processes'
import type { Supervisor } from '@/scripts/supervisor'

await runLocally({ name: 'demo', prepare: build, startPortal: startBuiltPortal, echoPortal: false, announce })

/** Builds the portal unless that was done from the same sources before. */
async function build(supervisor: Supervisor): Promise<void> {
  const args = [join(root, 'scripts', 'build.mjs'), '--if-stale']
  const quick = 'Portal as built before'
  let what = quick
  const building = startProcess({
    name: 'The build',
    args,
    env: bareEnv(),
    onLine: () => {
      if (what === quick) console.log('  … Building the portal, which takes a minute at most')
      what = 'Portal built'
    },
  })
  let isOver = false
  // Ended with the rest when we are interrupted; its own good end is no reason to stop.
  const failed = building.ended.then((how) => (how === 'exit code 0' ? new Promise<string>(() => undefined) : how))
  supervisor.watch({ name: building.name, ended: failed, stop: () => (isOver ? Promise.resolve() : building.stop()) })
  const startedAt = performance.now()
  const how = await building.ended
  isOver = true
  if (how !== 'exit code 0') throw new Error(`The build failed (${how}):\n${building.lines.slice(-40).join('\n')}`)
  console.log(`  ✓ ${what} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
}

function announce({ portal, registry, mailbox }: { portal: string; registry: string; mailbox: string }): void {
  const { researcher, administrator, staff } = knownPeople()
  const people = [researcher, administrator, staff].map(({ name, role }) => `    ${name.padEnd(20)} ${role}`)
  console.log(`
  Portal    ${portal}
  Registry  ${registry}  (stands in for ORCID)
  Mailbox   ${mailbox}  (keeps every mail that the portal sends; none leaves this machine)

  People to sign in as, at the registry
${people.join('\n')}

  A tour
    1. Open ${portal} and press “Create or Connect your ORCID iD”.
    2. Sign in as ${researcher.name}, look at what is asked, and authorize it.
    3. ${portal}/me shows what is permitted: connect again with fewer permissions, or withdraw.
    4. Sign out, press “Sign in with ORCID” and choose ${administrator.name} at the registry.
    5. ${portal}/staff counts everybody; ${portal}/staff/researchers finds ${researcher.name}.
    6. ${portal}/staff/affiliations lists what is written to records: add something on
       ${researcher.name}’s page, and ${registry}/my-orcid has it when ${researcher.name} looks.
    7. The other 500 people work as well: open one in ${portal}/staff/researchers, have their
       permission checked, read their record, or write to it.
    8. To be one of them, type their name or iD on the registry’s sign-in page. There,
       ${registry}/trusted-parties is where a person withdraws at ORCID itself. “Check now” on the
       person’s page notices at once; after some minutes of the same answer the permission ends.
    9. ${portal}/staff/campaigns asks people by mail. What is sent, a test mail to yourself or an
       invitation, is at ${mailbox}: its links work, as does the one that stops mail.

  Ctrl-C stops everything. What you did is kept; npm run demo -- --reset starts over.
`)
}
