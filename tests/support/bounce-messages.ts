const lines = (...all: string[]) => all.join('\r\n')

type Report = {
  to: string
  action?: string
  status?: string
  messageId?: string
  /** Headers besides. */
  headers?: string[]
}

/** A delivery-status report as Postfix writes it. */
export function deliveryReport({ to, action = 'failed', status = '5.1.1', messageId, headers = [] }: Report): string {
  return lines(
    'Return-Path: <>',
    `Delivered-To: ${to}`,
    'Date: Mon, 4 May 2026 10:00:00 +0200 (CEST)',
    'From: MAILER-DAEMON@mx.example.org (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    `To: ${to}`,
    'Auto-Submitted: auto-replied',
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="4F1/mx.example.org"',
    'Message-Id: <20260504080000.4F1@mx.example.org>',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--4F1/mx.example.org',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    "I'm sorry to have to inform you that your message could not be delivered.",
    '',
    '--4F1/mx.example.org',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    'Arrival-Date: Mon, 4 May 2026 09:59:59 +0200 (CEST)',
    '',
    'Final-Recipient: rfc822; nobody@example.org',
    'Original-Recipient: rfc822;nobody@example.org',
    `Action: ${action}`,
    `Status: ${status}`,
    'Remote-MTA: dns; mx.example.org',
    `Diagnostic-Code: smtp; 550 ${status} <nobody@example.org>: Recipient`,
    '    address rejected',
    '',
    '--4F1/mx.example.org',
    'Content-Description: Undelivered Message Headers',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId ?? '<another@elsewhere.example>'}`,
    'Subject: Connect your ORCID iD',
    '',
    '--4F1/mx.example.org--',
    '',
  )
}

/** What an absent person's program answers. */
export const vacationReply = (to: string, headers: string[] = ['Auto-Submitted: auto-replied']): string =>
  lines(
    'From: Nobody <nobody@example.org>',
    `To: ${to}`,
    'Subject: Out of office: Action: failed',
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'I am away. Action: failed',
    'Status: 5.1.1',
    '',
  )

/** Somebody who forwards a report, to ask about it. */
export const forwardedReport = (to: string): string =>
  lines(
    'From: Nobody <nobody@example.org>',
    `To: ${to}`,
    'Subject: Fwd: Undelivered',
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    '--outer',
    'Content-Type: message/rfc822',
    '',
    deliveryReport({ to }),
    '--outer--',
    '',
  )
