exports.handler = async (event, context) => ({ hello: event.name, uid: process.getuid(), id: context.awsRequestId });
