import type { Plugin } from 'esbuild';

interface LeftOut {
  /** As it is imported, and by what: only there is it left out. */
  imported: RegExp;
  by: RegExp;
  /** Names that its importers need to be there at load. */
  exports: readonly string[];
}

/**
 * What packages import and opsbot never calls. V8 keeps the bundle's text, and whatever its modules set up as they are
 * loaded, for as long as the process lives: together these would take 15 MiB.
 */
const LEFT_OUT: readonly LeftOut[] = [
  // Of KubeConfig, opsbot uses credentials and addresses, not the generated API classes.
  {
    imported: /^\.\/gen\/index\.js$/,
    by: /client-node\/dist\/config\.js$/,
    exports: ['createConfiguration', 'ServerConfiguration'],
  },
  // The queues are in Redis, and no job has a timetable.
  { imported: /^\.\/postgres$/, by: /bullmq\/dist\/esm\/index\.js$/, exports: [] },
  { imported: /^cron-parser$/, by: /bullmq\/dist\/esm\//, exports: ['CronExpressionParser'] },
  // Slack comes in by Socket Mode or Bolt's plain HTTP receiver, from one workspace, in UTF-8.
  {
    imported: /^\.\/receivers\/(ExpressReceiver|AwsLambdaReceiver)$/,
    by: /@slack\/bolt\/dist\//,
    exports: ['default'],
  },
  { imported: /^@slack\/oauth$/, by: /@slack\/bolt\/dist\//, exports: ['InstallProvider'] },
  { imported: /^iconv-lite$/, by: /\/raw-body\//, exports: ['getDecoder'] },
  // Metrics are fetched from one process, which sums nothing up by quantiles; the default ones are chosen one by one.
  {
    imported: /^\.\/lib\/(cluster|defaultMetrics|pushgateway|summary)$/,
    by: /prom-client\/index\.js$/,
    exports: [],
  },
  // Schemas complain in English; zod imports that one by itself.
  { imported: /^\.\.\/locales\/index\.js$/, by: /zod\/v4\//, exports: [] },
  // Only exemplars would need it, and tracing has its own.
  { imported: /^@opentelemetry\/api$/, by: /prom-client\/lib\//, exports: [] },
  // An experimental parser beside the one that undici uses.
  { imported: /^\.\.\/milo\/(simd|no-simd)\.js$/, by: /undici\/lib\//, exports: [] },
];

const NAMESPACE = 'left-out';

/** In their place stands what throws on any use, should an update of a package begin to need one after all. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    for (const { imported, by, exports } of LEFT_OUT) {
      build.onResolve({ filter: imported }, ({ importer, path }) =>
        by.test(importer) ? { path, namespace: NAMESPACE, pluginData: exports } : undefined,
      );
    }
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => ({
      contents: standIn(path, pluginData),
    }));
  },
};

function standIn(path: string, exports: readonly string[]): string {
  return `const fail = () => { throw new Error('${path} is left out of the bundle (deploy/leave-out.ts)'); };
const leftOut = new Proxy(function () {}, { get: fail, apply: fail, construct: fail });
export { ${exports.map((name) => `leftOut as ${name}`).join(', ')} };`;
}
