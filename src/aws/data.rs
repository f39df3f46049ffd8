//! Which resources hold data, by their Terraform type, for trees of which nothing else is known.
//!
//! Source: the pages of the AWS provider, version 5.100, and the service guides of AWS on deletion, as of late 2026. A type
//! is listed when destroying it takes away what cannot be made again from code.

/// What is lost with a resource of each type, as a noun phrase in the plural or singular. Sorted.
const HOLDERS: &[(&str, &str)] = &[
    ("aws_backup_logically_air_gapped_vault", "its recovery points"),
    ("aws_backup_vault", "its recovery points"),
    ("aws_cloudfront_key_value_store", "its keys and values"),
    ("aws_cloudhsm_v2_cluster", "its keys"),
    ("aws_cloudsearch_domain", "its documents"),
    ("aws_cloudtrail_event_data_store", "its events"),
    ("aws_cloudwatch_event_archive", "its events"),
    ("aws_cloudwatch_log_group", "its log events"),
    ("aws_cloudwatch_log_stream", "its log events"),
    ("aws_codeartifact_domain", "its packages"),
    ("aws_codeartifact_repository", "its packages"),
    ("aws_codecatalyst_source_repository", "its commits"),
    ("aws_codecommit_repository", "its commits"),
    ("aws_cognito_identity_pool", "its identities"),
    ("aws_cognito_user", "the account of a user"),
    ("aws_cognito_user_pool", "its users"),
    ("aws_connect_instance", "its contacts and flows"),
    ("aws_customerprofiles_domain", "its profiles"),
    ("aws_db_cluster_snapshot", "the snapshot"),
    ("aws_db_instance", "its databases"),
    ("aws_db_snapshot", "the snapshot"),
    ("aws_db_snapshot_copy", "the snapshot"),
    ("aws_directory_service_directory", "its users"),
    ("aws_docdb_cluster", "its documents"),
    ("aws_docdb_cluster_snapshot", "the snapshot"),
    ("aws_docdb_global_cluster", "the group of its databases"),
    ("aws_docdbelastic_cluster", "its documents"),
    ("aws_dsql_cluster", "its databases"),
    ("aws_dynamodb_global_table", "its items"),
    ("aws_dynamodb_table", "its items"),
    ("aws_dynamodb_table_item", "the item"),
    ("aws_dynamodb_table_replica", "the replica of its items"),
    ("aws_ebs_snapshot", "the snapshot"),
    ("aws_ebs_snapshot_copy", "the snapshot"),
    ("aws_ebs_snapshot_import", "the snapshot"),
    ("aws_ebs_volume", "its blocks"),
    ("aws_ecr_repository", "its images"),
    ("aws_ecrpublic_repository", "its images"),
    ("aws_efs_file_system", "its files"),
    ("aws_eks_cluster", "the objects in it"),
    ("aws_elasticache_cluster", "what it stores"),
    ("aws_elasticache_global_replication_group", "what it stores"),
    ("aws_elasticache_replication_group", "what it stores"),
    ("aws_elasticache_serverless_cache", "what it stores"),
    ("aws_elasticsearch_domain", "its indexes"),
    ("aws_emr_cluster", "the files in it"),
    ("aws_finspace_kx_database", "its tables"),
    ("aws_finspace_kx_volume", "its files"),
    ("aws_fsx_backup", "the backup"),
    ("aws_fsx_file_cache", "what it caches"),
    ("aws_fsx_lustre_file_system", "its files"),
    ("aws_fsx_ontap_file_system", "its files"),
    ("aws_fsx_ontap_volume", "its files"),
    ("aws_fsx_openzfs_file_system", "its files"),
    ("aws_fsx_openzfs_snapshot", "the snapshot"),
    ("aws_fsx_openzfs_volume", "its files"),
    ("aws_fsx_windows_file_system", "its files"),
    ("aws_glacier_vault", "its archives"),
    ("aws_glue_catalog_database", "its tables"),
    ("aws_grafana_workspace", "its dashboards"),
    ("aws_kendra_index", "its documents"),
    ("aws_keyspaces_keyspace", "its tables"),
    ("aws_keyspaces_table", "its rows"),
    ("aws_kinesis_firehose_delivery_stream", "records that it has not delivered"),
    ("aws_kinesis_stream", "its records"),
    ("aws_kinesis_video_stream", "its recordings"),
    ("aws_kms_external_key", "everything encrypted with it"),
    ("aws_kms_key", "everything encrypted with it"),
    ("aws_kms_replica_external_key", "everything encrypted with it in its region"),
    ("aws_kms_replica_key", "everything encrypted with it in its region"),
    ("aws_lightsail_bucket", "its objects"),
    ("aws_lightsail_database", "its databases"),
    ("aws_lightsail_disk", "its blocks"),
    ("aws_lightsail_instance", "its disk"),
    ("aws_location_tracker", "its positions"),
    ("aws_memorydb_cluster", "what it stores"),
    ("aws_memorydb_multi_region_cluster", "what it stores"),
    ("aws_memorydb_snapshot", "the snapshot"),
    ("aws_mq_broker", "its messages"),
    ("aws_msk_cluster", "its records"),
    ("aws_msk_serverless_cluster", "its records"),
    ("aws_neptune_cluster", "its graph"),
    ("aws_neptune_cluster_snapshot", "the snapshot"),
    ("aws_neptune_global_cluster", "the group of its graphs"),
    ("aws_neptunegraph_graph", "its graph"),
    ("aws_opensearch_domain", "its indexes"),
    ("aws_opensearchserverless_collection", "its indexes"),
    ("aws_paymentcryptography_key", "everything encrypted with it"),
    ("aws_prometheus_workspace", "its metrics"),
    ("aws_qldb_ledger", "its journal"),
    ("aws_rds_cluster", "its databases"),
    ("aws_rds_cluster_snapshot_copy", "the snapshot"),
    ("aws_rds_global_cluster", "the group of its databases"),
    ("aws_redshift_cluster", "its databases"),
    ("aws_redshift_cluster_snapshot", "the snapshot"),
    ("aws_redshiftserverless_namespace", "its databases"),
    ("aws_redshiftserverless_snapshot", "the snapshot"),
    ("aws_rekognition_collection", "its faces"),
    ("aws_route53_zone", "its records and its name servers"),
    ("aws_route53domains_domain", "the domain"),
    ("aws_s3_bucket", "its objects"),
    ("aws_s3_bucket_object", "the object"),
    ("aws_s3_directory_bucket", "its objects"),
    ("aws_s3_object", "the object"),
    ("aws_s3_object_copy", "the object"),
    ("aws_s3control_bucket", "its objects"),
    ("aws_s3tables_table", "its rows"),
    ("aws_s3tables_table_bucket", "its tables"),
    ("aws_sagemaker_domain", "the files of its users"),
    ("aws_sagemaker_notebook_instance", "its disk"),
    ("aws_secretsmanager_secret", "its value"),
    ("aws_secretsmanager_secret_version", "its value"),
    ("aws_simpledb_domain", "its items"),
    ("aws_sqs_queue", "its messages"),
    ("aws_ssm_parameter", "its value"),
    ("aws_storagegateway_gateway", "what it has not uploaded"),
    ("aws_timestreaminfluxdb_db_instance", "its series"),
    ("aws_timestreamwrite_database", "its tables"),
    ("aws_timestreamwrite_table", "its series"),
    ("aws_workspaces_directory", "the desktops of its users"),
    ("aws_workspaces_workspace", "the desktop of a user"),
];

/// What is lost when a resource of a type is destroyed, `its databases`; nothing when it holds no data.
pub fn held(resource: &str) -> Option<&'static str> {
    let found = HOLDERS.binary_search_by(|(known, _)| (*known).cmp(resource));
    found.ok().map(|index| HOLDERS[index].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_stands_once_and_in_order() {
        let disorder = HOLDERS.windows(2).find(|pair| pair[0].0 >= pair[1].0);
        assert_eq!(disorder, None);
    }

    #[test]
    fn databases_hold_data_and_rules_do_not() {
        assert_eq!(held("aws_db_instance"), Some("its databases"));
        assert_eq!(held("aws_s3_bucket"), Some("its objects"));
        assert_eq!(held("aws_security_group"), None);
        assert_eq!(held("aws_db_subnet_group"), None);
    }
}
