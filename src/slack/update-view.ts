import type { WebClient } from '@slack/web-api';
import { callSlack, slackCode } from './slack-errors.ts';

/**
 * Brings a modal up to date. Without the view's hash: of two quick choices the second carries an old one, and it is the
 * one that counts.
 */
export async function updateView(slack: WebClient, change: Parameters<WebClient['views']['update']>[0]): Promise<void> {
  try {
    await callSlack(() => slack.views.update(change));
  } catch (error) {
    // Closed meanwhile: then there is nothing left to bring up to date.
    if (slackCode(error) !== 'not_found') throw error;
  }
}
