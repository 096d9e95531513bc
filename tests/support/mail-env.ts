/** What a portal that sends mail needs besides, for the addresses of example.org. */
export const mailEnv = (smtpUrl: string): Record<string, string> => ({
  SMTP_URL: smtpUrl,
  MAIL_FROM: 'Library <orcid@example.org>',
  MAIL_DOMAINS: 'example.org',
  MAIL_ALLOWED: '@example.org',
})
