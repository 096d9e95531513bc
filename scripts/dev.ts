import { runLocally } from '@/scripts/local'
import { startDevelopmentPortal } from '@/scripts/portal'

// As the demo, with a database of its own, and Next.js compiling pages as they are asked for.
await runLocally({
  name: 'dev',
  startPortal: startDevelopmentPortal,
  echoPortal: true,
  announce: ({ portal, registry, mailbox }) =>
    console.log(`\n  Portal    ${portal}\n  Registry  ${registry}\n  Mailbox   ${mailbox}\n`),
})
