// CDK's built-in template validator costs 7 s and 300 MB on the first synthesis of each process; ours still runs without it.
process.env.CDK_VALIDATION = 'false';
