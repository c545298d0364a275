import { useEffect, useState } from 'react';
import type { ElementRef, Suggestions } from '../../../wire.ts';
import { sendAside } from '../../connection.ts';
import type { Choice } from './choice.ts';
import { choiceOf } from './choice.ts';

const PAUSE_MS = 150;

export interface Offer {
  choices: Choice[];
  /** What is to be said instead of choices. */
  status: string | undefined;
}

interface Found {
  typed: string;
  choices: Choice[];
  error: string | undefined;
}

/** Asks the app for what an external select offers, while it is open; the answer to what was typed last counts. */
export function useSuggestions(
  address: ElementRef,
  { least, typed, isOpen }: { least: number; typed: string; isOpen: boolean },
): Offer {
  const [found, setFound] = useState<Found>();
  const isAsking = isOpen && typed.length >= least;
  const ref = JSON.stringify(address);

  useEffect(() => {
    if (!isAsking) return;
    let isLast = true;
    const timer = window.setTimeout(
      async () => {
        const answer = await sendAside<Suggestions>({ do: 'search', ...(JSON.parse(ref) as ElementRef), typed });
        if (!isLast) return;
        const options = answer.ok ? (answer.result?.options ?? []) : [];
        setFound({ typed, choices: options.map(choiceOf), error: answer.ok ? undefined : answer.error });
      },
      typed === '' ? 0 : PAUSE_MS,
    );
    return () => {
      isLast = false;
      window.clearTimeout(timer);
      // What is offered may change from one opening to the next.
      setFound(undefined);
    };
  }, [isAsking, ref, typed]);

  if (!isAsking) return { choices: [], status: isOpen ? `Type at least ${least} characters` : undefined };
  if (found?.typed !== typed) return { choices: [], status: 'Searching…' };
  const none = found.choices.length === 0 ? 'No results' : undefined;
  return { choices: found.choices, status: found.error ?? none };
}
