import { useEffect, useRef } from 'react';
import type { MachinesSlice } from '../../../wire.ts';
import { performDeed } from '../../notices.ts';
import { counted } from '../counted.ts';
import { secondsLeft } from './seconds-left.ts';
import { DeedButton, StatusRow } from './status-row.tsx';
import { useNow } from './use-now.ts';

/** The API server and opsbot's worker. */
export function Machines({ machines, readOnly }: { machines: MachinesSlice; readOnly: boolean }) {
  const { apiServerBackAt, worker } = machines;
  return (
    <ul className="cluster-rows" aria-label="Machines">
      {readOnly ? null : <ApiServer backAt={apiServerBackAt} />}
      <StatusRow name="Worker" health={worker.running ? 'good' : 'waits'} status={workerStatus(worker)}>
        {readOnly ? null : (
          <DeedButton
            label="Kill"
            to="the worker"
            disabled={!worker.running}
            onClick={() => void performDeed({ do: 'kill worker' })}
          />
        )}
      </StatusRow>
    </ul>
  );
}

function workerStatus({ running, restarts }: MachinesSlice['worker']): string {
  const again = restarts === 0 ? '' : `, started again ${counted(restarts, 'time')}`;
  return running ? `runs${again}` : 'is gone, starts again in a moment';
}

function ApiServer({ backAt }: { backAt: number | undefined }) {
  const isStopped = backAt !== undefined;
  const countdown = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasStoppedHere = useRef(false);

  // The button goes away: who has pressed it waits at the countdown, and then is at the button again.
  useEffect(() => {
    const next = isStopped ? countdown : button;
    const hasLostFocus = document.activeElement === document.body;
    if (wasStoppedHere.current && hasLostFocus) next.current?.focus({ preventScroll: true });
    if (!isStopped) wasStoppedHere.current = false;
  }, [isStopped]);

  function stop(): void {
    wasStoppedHere.current = true;
    void performDeed({ do: 'stop API server' });
  }

  if (!isStopped) {
    return (
      <StatusRow name="API server" health="good" status="answers">
        <DeedButton ref={button} label="Stop for 30 s" to="the API server" onClick={stop} />
      </StatusRow>
    );
  }
  return (
    <StatusRow
      name="API server"
      health="bad"
      status={
        <span ref={countdown} tabIndex={-1}>
          is stopped, answers again <Countdown until={backAt} />
        </span>
      }
    />
  );
}

function Countdown({ until }: { until: number }) {
  const left = secondsLeft(until, useNow());
  return left > 0 ? `in ${left} s` : 'in a moment';
}
